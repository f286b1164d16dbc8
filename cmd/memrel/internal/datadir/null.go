package datadir

import (
	"errors"
	"fmt"

	"github.com/memrel/memrel"
	"github.com/memrel/memrel/cmd/memrel/internal/term"
)

// likelyNull counts the fields of a column of text that other programs mean for NULL.
type likelyNull struct {
	text        string
	line, count int
}

// isLikelyNull tells whether a field without quotes is what MySQL, or a script, writes for NULL.
func isLikelyNull(f field) bool { return !f.quoted && (f.text == `\N` || f.text == "NULL") }

// cell is what column i gets from a field: [Cell], unless the reader was told what stands for NULL.
func (r *csvReader) cell(i int, f field) (v any, given bool, err error) {
	c := r.cols[i]
	switch {
	case r.null != "" && !f.quoted && f.text == r.null:
		return nil, true, nil
	case f.text == "":
		if v, given, err = Cell(c, "", f.quoted || r.null != ""); v == nil && given && c.NotNull {
			err = empty(c)
		}
		return v, given, err
	case !isLikelyNull(f):
		return Cell(c, f.text, f.quoted)
	}
	if v, given, err = Cell(c, f.text, f.quoted); err != nil {
		var e *memrel.Error
		if errors.As(err, &e) && r.null == "" {
			e.Hint += fmt.Sprintf("; --null '%s' reads it as NULL", f.text)
		}
		return nil, false, err
	}
	if n := &r.likely[i]; n.count == 0 {
		*n = likelyNull{f.text, f.line, 1}
	} else if n.text == f.text {
		n.count++
	}
	return v, given, nil
}

// notes tells of texts that may be meant for NULL.
func (r *csvReader) notes() (out []string) {
	for i, n := range r.likely {
		if n.count == 0 || r.null != "" {
			continue
		}
		more := ""
		if n.count > 1 {
			more = ", and so it is in " + term.Count(n.count-1, "more row")
		}
		out = append(out, fmt.Sprintf("%s:%d: %s.%s is the text %s%s; --null '%s' reads it as NULL", r.file, n.line, r.schema.Name, r.cols[i].Name, n.text, more, n.text))
	}
	return out
}

// empty is the error of an empty field, which is NULL, in a column that cannot be NULL.
func empty(c *memrel.Column) error {
	out := &memrel.Error{Kind: memrel.ErrNotNull, Columns: []string{c.Name}, Detail: fmt.Sprintf(`%s = "" is NULL, which it cannot be`, c.Name), Hint: "give it a value, or declare a default"}
	_, err := c.FromText("")
	var e *memrel.Error
	if errors.As(err, &e) && e.Hint != "" {
		out.Hint = e.Hint + ", or declare a default"
	}
	return out
}
