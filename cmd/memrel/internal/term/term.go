// Package term writes for people: aligned tables, colors and a progress bar where there is a terminal, plain text where
// there is none.
package term

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// IsTerminal tells whether w is a terminal that understands escape sequences.
func IsTerminal(w io.Writer) bool { return IsDevice(w) && os.Getenv("TERM") != "dumb" }

// IsDevice tells whether w is a terminal of any kind, or another device that is written to by the character.
func IsDevice(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// Style writes in colors, or does not.
type Style struct{ on bool }

// StyleFor is the style for a writer: colors on a terminal, unless NO_COLOR is set.
func StyleFor(w io.Writer) Style { return Style{IsTerminal(w) && os.Getenv("NO_COLOR") == ""} }

// Bold is for headings.
func (s Style) Bold(text string) string { return s.wrap("1", text) }

// Dim is for what explains.
func (s Style) Dim(text string) string { return s.wrap("2", text) }

// Red is for what is refused.
func (s Style) Red(text string) string { return s.wrap("31", text) }

// Green is for what is well.
func (s Style) Green(text string) string { return s.wrap("32", text) }

// Cyan is for names.
func (s Style) Cyan(text string) string { return s.wrap("36", text) }

func (s Style) wrap(code, text string) string {
	if !s.on || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// Safe makes visible what a terminal or a reader would not show as text: control characters, ends of lines and marks that turn the
// direction of writing, so that data cannot move the cursor, break a line or show itself in another order.
func Safe(text string) string {
	if !strings.ContainsFunc(text, hidden) && utf8.ValidString(text) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case !hidden(r):
			b.WriteRune(r)
		case r < 0x100:
			_, _ = fmt.Fprintf(&b, `\x%02x`, r)
		default:
			_, _ = fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// Lines is Safe for text of several lines, which stay.
func Lines(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = Safe(lines[i])
	}
	return strings.Join(lines, "\n")
}

// Visible writes texts as Lines has them. Each write is whole characters.
func Visible(w io.Writer) io.Writer { return visible{w} }

type visible struct{ io.Writer }

func (v visible) Write(text []byte) (int, error) {
	if _, err := io.WriteString(v.Writer, Lines(string(text))); err != nil {
		return 0, err
	}
	return len(text), nil
}

// hidden tells whether a character acts instead of being shown.
func hidden(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp)
}

// Table is text in columns.
type Table struct {
	Header []string // "" throughout: none is written
	Right  []bool   // which columns stand at the right; all at the left if it is short
	Rows   [][]string
}

// Add adds a row.
func (t *Table) Add(cells ...string) { t.Rows = append(t.Rows, cells) }

// Write writes the table, each line after an indent, two spaces between columns, a rule beneath the header.
func (t *Table) Write(w io.Writer, indent string, style Style) error {
	width := make([]int, len(t.Header))
	for i, h := range t.Header {
		width[i] = utf8.RuneCountInString(h)
	}
	for _, row := range t.Rows {
		for i := range min(len(row), len(width)) {
			width[i] = max(width[i], utf8.RuneCountInString(row[i]))
		}
	}
	var b strings.Builder
	if strings.Join(t.Header, "") != "" {
		b.WriteString(indent + style.Bold(t.line(t.Header, width)) + "\n")
		rules := make([]string, len(width))
		for i := range rules {
			rules[i] = strings.Repeat("─", width[i])
		}
		b.WriteString(indent + style.Dim(strings.Join(rules, "  ")) + "\n")
	}
	for _, row := range t.Rows {
		b.WriteString(indent + t.line(row, width) + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (t *Table) line(row []string, width []int) string {
	var b strings.Builder
	for i := range min(len(row), len(width)) {
		if i > 0 {
			b.WriteString("  ")
		}
		pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(row[i]))
		if i < len(t.Right) && t.Right[i] {
			b.WriteString(pad + row[i])
		} else {
			b.WriteString(row[i] + pad)
		}
	}
	return strings.TrimRight(b.String(), " ")
}

// Number writes a number with commas between thousands.
func Number(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Count writes a number of things: 1 row, 2,000 rows.
func Count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return Number(n) + " " + thing + "s"
}

// Duration writes a time with three digits: 417 ns, 12.3 ms, 1.04 s.
func Duration(d time.Duration) string {
	v, unit := float64(d.Nanoseconds()), "ns"
	for _, larger := range []string{"us", "ms", "s"} {
		if v < 1000 {
			break
		}
		v, unit = v/1000, larger
	}
	switch {
	case unit == "ns" || v >= 100:
		return fmt.Sprintf("%.0f %s", v, unit)
	case v >= 10:
		return fmt.Sprintf("%.1f %s", v, unit)
	}
	return fmt.Sprintf("%.2f %s", v, unit)
}

// Bar is a progress bar on one line of a terminal. It appears only when the work has taken a second, and never where
// there is no terminal.
type Bar struct {
	w       io.Writer
	label   string
	began   time.Time
	shown   time.Time
	enabled bool
}

// NewBar begins to measure.
func NewBar(w io.Writer, label string) *Bar {
	return &Bar{w: w, label: label, began: time.Now(), enabled: IsTerminal(w)}
}

const (
	barAfter = time.Second
	barEvery = 100 * time.Millisecond
	barWidth = 30
)

// Set shows how far the work is.
func (b *Bar) Set(done, total int64) {
	now := time.Now()
	if !b.enabled || now.Sub(b.began) < barAfter || now.Sub(b.shown) < barEvery || total <= 0 {
		return
	}
	b.shown = now
	part := min(max(float64(done)/float64(total), 0), 1)
	full := int(part * barWidth)
	_, _ = fmt.Fprintf(b.w, "\r\x1b[K%s %s%s %3.0f%%", b.label, strings.Repeat("█", full), strings.Repeat("░", barWidth-full), part*100)
}

// Done wipes the bar away.
func (b *Bar) Done() {
	if !b.shown.IsZero() {
		_, _ = fmt.Fprint(b.w, "\r\x1b[K")
	}
}
