package datadir

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// records reads CSV as RFC 4180 has it, a record at a time. Unlike encoding/csv it keeps what stands between quotes to the byte,
// CR LF too, tells "" from nothing, and knows a line that ends in CR alone.
type records struct {
	file   string
	in     *bufio.Reader
	width  int   // how many fields a record has; 0 if that is not known yet
	blank  bool  // whether an empty line is a record
	line   int   // how many lines have been read
	bytes  int64 // and how many bytes
	size   int   // of the record at hand
	maxRow int
}

// field is a field of a record.
type field struct {
	text   string
	quoted bool
	line   int
}

func (r *records) offset() int64 { return r.bytes }

// read reads the next record; io.EOF after the last. A [*Problem] about one row is marked so: the next record can be read.
func (r *records) read() ([]field, error) {
	for {
		r.size = 0
		line, err := r.readLine()
		if err != nil {
			return nil, err
		}
		if content(line) != "" || r.blank {
			return r.record(line)
		}
	}
}

// record reads the fields of a record that begins in a line.
func (r *records) record(line string) (fields []field, err error) {
	begins, start := r.line, line
	fields = make([]field, 0, r.width)
	for {
		f := field{line: r.line}
		if quoted, ok := strings.CutPrefix(line, `"`); ok {
			f.quoted = true
			if f.text, line, err = r.quoted(quoted, begins); err != nil {
				return nil, err
			}
			start = "" // a place in it would be in another line
		} else {
			end := strings.IndexByte(line, ',')
			if end < 0 {
				end = len(content(line))
			}
			f.text, line = line[:end], line[end:]
			if at := strings.IndexAny(f.text, "\"\r"); at >= 0 {
				return nil, r.stray(f.text[at], len(start)-len(line)-len(f.text)+at+1)
			}
		}
		fields = append(fields, f)
		rest, more := strings.CutPrefix(line, ",")
		if !more {
			break
		}
		line = rest
	}
	if r.width > 0 && len(fields) != r.width {
		return nil, r.oneRow(begins, "the row has not as many fields as the header, which has %d; put quotes around a field with a comma in it", r.width)
	}
	return fields, nil
}

// quoted reads on behind an opening quote, into other lines if need be, and gives what follows the closing one in its line.
func (r *records) quoted(line string, begins int) (text, rest string, err error) {
	const broken = `a quoted field is not closed, or something follows its closing quote; write " inside a quoted field as ""`
	var b strings.Builder
	for {
		part, after, closed := strings.Cut(line, `"`)
		b.WriteString(part)
		if !closed {
			line, err = r.readLine()
			if errors.Is(err, io.EOF) {
				return "", "", r.oneRow(begins, broken)
			}
			if err != nil {
				return "", "", err
			}
			continue
		}
		var doubled bool
		if line, doubled = strings.CutPrefix(after, `"`); doubled {
			b.WriteByte('"')
			continue
		}
		if content(after) != "" && after[0] != ',' {
			return "", "", r.oneRow(begins, broken)
		}
		return b.String(), after, nil
	}
}

// stray is the problem of a character that may stand between quotes alone. The column is 0 or less where it is not known.
func (r *records) stray(what byte, column int) error {
	if what == '\r' {
		return r.oneRow(r.line, "a carriage return stands in a field without quotes; if the lines of the file end in CR alone, as old Macs wrote them, "+
			"convert it: tr '\\r' '\\n'; else put quotes around the field")
	}
	at := ""
	if column > 0 {
		at = fmt.Sprintf(", at column %d", column)
	}
	return r.oneRow(r.line, `a quote stands within a field without quotes%s; put quotes around the field, and write " inside it as ""`, at)
}

// oneRow is a problem of one row.
func (r *records) oneRow(line int, format string, args ...any) error {
	p := fileProblem(r.file, line, format, args...)
	p.oneRow = true
	return p
}

// content is a line without its end.
func content(line string) string {
	line = strings.TrimSuffix(line, "\n")
	return strings.TrimSuffix(line, "\r")
}

// readLine reads a line with its end.
func (r *records) readLine() (string, error) {
	var long []byte
	for {
		part, err := r.in.ReadSlice('\n')
		r.bytes += int64(len(part))
		if r.size += len(part); r.size > r.maxRow {
			return "", fileProblem(r.file, r.line+1, "a row is longer than %d MiB; is a quote not closed, or is this no CSV at all?", r.maxRow>>20)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			long = append(long, part...)
			continue
		case err != nil && !errors.Is(err, io.EOF):
			return "", asProblem(r.file, err)
		case len(part)+len(long) == 0:
			return "", io.EOF
		}
		r.line++
		if long == nil {
			return string(part), nil
		}
		return string(append(long, part...)), nil
	}
}
