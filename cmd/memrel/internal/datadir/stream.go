package datadir

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/memrel/memrel"
)

// open opens a file and begins to read its rows.
func open(f file, s *memrel.Schema, o Options) (rowReader, error) {
	in, err := os.Open(f.path)
	if err != nil {
		return nil, fileProblem(f.name, 0, "%v", err)
	}
	r, err := begin(f.name, in, s, o)
	if err != nil {
		_ = in.Close()
		return nil, err
	}
	return r, nil
}

func begin(name string, in io.ReadCloser, s *memrel.Schema, o Options) (rowReader, error) {
	text := &textReader{file: name, in: in}
	buffered := bufio.NewReaderSize(text, 1<<16)
	head, err := buffered.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, asProblem(name, err)
	}
	if bytes.Equal(head, []byte("\ufeff")) {
		_, _ = buffered.Discard(len(head))
	}
	if strings.EqualFold(filepath.Ext(name), ".csv") {
		return orNil(newCSV(records{file: name, in: buffered, maxRow: o.MaxRow}, in, s, o.Null))
	}
	return orNil(newJSON(&limited{file: name, in: buffered, maxRow: int64(o.MaxRow)}, in, s))
}

// orNil keeps a nil reader from becoming an interface that is not nil.
func orNil[R rowReader](r R, err error) (rowReader, error) {
	if err != nil {
		return nil, err
	}
	return r, nil
}

// asProblem is an error of reading a file as a problem with it.
func asProblem(name string, err error) error {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	return fileProblem(name, 0, "%v", err)
}

// textReader reads a file as long as it is UTF-8 text.
type textReader struct {
	file string
	in   io.Reader
	head []byte // how the file begins
	line int    // how many ends of lines have been read
	held []byte // the beginning of a character
	err  error
}

// Read gives whole characters alone, and a [*Problem] where there is none.
func (r *textReader) Read(p []byte) (int, error) {
	if len(p) < utf8.UTFMax {
		return 0, io.ErrShortBuffer
	}
	for r.err == nil {
		n := copy(p, r.held)
		m, err := r.in.Read(p[n:])
		text := p[:n+m]
		r.held = nil
		if r.err = err; err == nil {
			whole := wholeCharacters(text)
			r.held = append(r.held, text[whole:]...)
			text = text[:whole]
		}
		if len(r.head) < 16 {
			r.head = append(r.head, text[:min(len(text), 16)]...)
		}
		if at := notText(text); at >= 0 {
			r.err = r.problem(text, at)
			text = text[:at]
		}
		r.line += bytes.Count(text, []byte("\n"))
		if len(text) > 0 {
			return len(text), nil
		}
	}
	return 0, r.err
}

// wholeCharacters is the length of text without a character that is cut off at its end.
func wholeCharacters(text []byte) int {
	for back := 1; back < utf8.UTFMax && back <= len(text); back++ {
		if at := len(text) - back; utf8.RuneStart(text[at]) {
			if !utf8.FullRune(text[at:]) {
				return at
			}
			break
		}
	}
	return len(text)
}

// notText is where text is not UTF-8 or has a zero byte; -1 if nowhere.
func notText(text []byte) int {
	zero := bytes.IndexByte(text, 0)
	if zero < 0 && utf8.Valid(text) {
		return -1
	}
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRune(text[at:])
		if r == 0 || r == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return zero
}

// problem says what a file seems to be that is not text from a place on.
func (r *textReader) problem(text []byte, at int) error {
	line := r.line + 1 + bytes.Count(text[:at], []byte("\n"))
	switch {
	case bytes.HasPrefix(r.head, []byte("\xff\xfe")), bytes.HasPrefix(r.head, []byte("\xfe\xff")), utf16(r.head):
		return fileProblem(r.file, 0, "the file is UTF-16; save it as UTF-8, or convert it: iconv -f utf-16 -t utf-8")
	case text[at] == 0:
		return fileProblem(r.file, line, "the file is not text: it has a zero byte; is it %s?", likely(r.head))
	}
	return fileProblem(r.file, line, "the file is not UTF-8 text: it has the byte 0x%02x; is it %s? Text in another encoding can be converted: iconv -f latin1 -t utf-8", text[at], likely(r.head))
}

// utf16 tells whether every other byte is zero, as in UTF-16 of Latin letters without a mark.
func utf16(head []byte) bool {
	if len(head) < 4 {
		return false
	}
	for i := 0; i+1 < len(head); i += 2 {
		if (head[i] == 0) != (head[0] == 0) || (head[i] == 0) == (head[i+1] == 0) {
			return false
		}
	}
	return true
}

// likely guesses what a file is that is not text.
func likely(head []byte) string {
	for _, k := range []struct{ magic, what string }{{"\x1f\x8b", "gzip"}, {"PK\x03\x04", "a zip file or a spreadsheet"},
		{"SQLite format 3", "a SQLite database"}, {"\x89PNG", "a picture"}, {"%PDF", "a PDF"}} {
		if bytes.HasPrefix(head, []byte(k.magic)) {
			return fmt.Sprintf("%s: export it as CSV", k.what)
		}
	}
	return "a CSV or JSON file at all"
}
