package term

import (
	"bytes"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTablesAreAligned(t *testing.T) {
	var b bytes.Buffer
	table := Table{Header: []string{"name", "n"}, Right: []bool{false, true}}
	table.Add("Zoë", "7")
	table.Add("a longer one", "1,000")
	require.NoError(t, table.Write(&b, "> ", Style{}))
	require.Equal(t, "> name              n\n> ────────────  ─────\n> Zoë               7\n> a longer one  1,000\n", b.String())
}

func TestNumbersAndTimes(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", -1000: "-1,000", -100: "-100", 1234567: "1,234,567"} {
		require.Equal(t, want, Number(n))
	}
	require.Equal(t, "1 row", Count(1, "row"))
	require.Equal(t, "0 rows", Count(0, "row"))
	for d, want := range map[time.Duration]string{0: "0 ns", 417: "417 ns", 1234: "1.23 us", 12_345_678: "12.3 ms", 123_456_789: "123 ms", 90 * time.Second: "90.0 s"} {
		require.Equal(t, want, Duration(d))
	}
}

func TestControlCharactersAreShown(t *testing.T) {
	require.Equal(t, `a\nb\t\x1b[31m\x9b`, Safe("a\nb\t\x1b[31m\u009b"))
	require.Equal(t, "Zoë — ok", Safe("Zoë — ok"))
}

// Where there is no terminal there are neither colors nor bars.
func TestPlainWhereThereIsNoTerminal(t *testing.T) {
	var b bytes.Buffer
	require.Equal(t, "x", StyleFor(&b).Red("x"))
	require.Equal(t, "\x1b[31mx\x1b[0m", Style{on: true}.Red("x"))
	bar := NewBar(&b, "loading")
	bar.began = bar.began.Add(-time.Hour)
	bar.Set(1, 2)
	bar.Done()
	require.Empty(t, b.String())
	f, err := os.CreateTemp(t.TempDir(), "")
	require.NoError(t, err)
	defer f.Close()
	require.False(t, IsTerminal(f))
}

func TestTheBarAppearsAfterASecond(t *testing.T) {
	var b bytes.Buffer
	bar := &Bar{w: &b, label: "loading", began: time.Now(), enabled: true}
	bar.Set(1, 2)
	require.Empty(t, b.String())
	bar.began = bar.began.Add(-barAfter)
	bar.Set(1, 2)
	require.Equal(t, "\r\x1b[Kloading ███████████████░░░░░░░░░░░░░░░  50%", b.String())
	bar.Set(2, 2) // too soon after
	bar.Done()
	require.Equal(t, "\r\x1b[Kloading ███████████████░░░░░░░░░░░░░░░  50%\r\x1b[K", b.String())
}
