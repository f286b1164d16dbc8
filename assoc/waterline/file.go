package waterline

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/memrel/memrel"
)

// A file of an ontology is a magic text, the models as JSON with the names of the datastores, and for each of these, in that
// order, what its store saves. Each part comes in pieces, of their length and their bytes, and ends with an empty one.
const magic = "ontology 1\n"

// fileHead is the first part.
type fileHead struct {
	Models     []Model  `json:"models"`
	Datastores []string `json:"datastores"`
}

// Save writes the models, in the form that [Parse] reads, and the datastores, as they are at one moment, for [Load] to read.
// Those that are read-only are not written. Errors are w's, and of kind [memrel.ErrFile] for a default that JSON does not
// keep. O(records).
func (o *Ontology) Save(w io.Writer) error {
	if w == nil {
		return badFile("save", errors.New("the writer is nil"))
	}
	o = o.orZero()
	at := o.reading()
	head := fileHead{Models: o.models}
	for _, s := range o.stores {
		if !s.readOnly() {
			head.Datastores = append(head.Datastores, s.name)
		}
	}
	text, err := head.text()
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	if _, err := out.WriteString(magic); err != nil {
		return err
	}
	if err := inPieces(out, func(w io.Writer) error { _, err := w.Write(text); return err }); err != nil {
		return err
	}
	for _, s := range o.stores {
		if s.readOnly() {
			continue
		}
		if err := inPieces(out, at.views[s.index].Save); err != nil {
			return err
		}
	}
	return out.Flush()
}

// text is the head as JSON, if that reads as the same models.
func (h fileHead) text() ([]byte, error) {
	text, err := json.Marshal(h)
	if err != nil {
		return nil, badFile("save", err)
	}
	var again fileHead
	if err := strictly(bytes.NewReader(text), &again); err != nil {
		return nil, badFile("save", err)
	}
	for i, m := range h.Models {
		for name := range m.Attributes {
			a, _ := attribute(m.Attributes[name])
			b, _ := attribute(again.Models[i].Attributes[name])
			if fmt.Sprintf("%T %v", a.DefaultsTo, a.DefaultsTo) != fmt.Sprintf("%T %v", b.DefaultsTo, b.DefaultsTo) && !sameNumber(a.DefaultsTo, b.DefaultsTo) {
				return nil, badFile("save", fmt.Errorf("the default of %s.%s is a %T, which JSON does not keep", m.Identity, name, a.DefaultsTo))
			}
		}
	}
	return text, nil
}

// sameNumber tells whether two numbers of different types write the same.
func sameNumber(a, b any) bool {
	switch a.(type) {
	case int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64, float32, float64:
		return fmt.Sprint(a) == fmt.Sprint(b)
	}
	return false
}

// Load makes an ontology of what [Ontology.Save] wrote. Options are those of [Open] again; read-only datastores are given by
// them. Errors are of kind [memrel.ErrFile] for what is no file or is damaged, and those of [Open] and [memrel.Load].
func Load(r io.Reader, options ...Option) (*Ontology, error) {
	if r == nil {
		return nil, badFile("load", errors.New("the reader is nil"))
	}
	in := bufio.NewReader(r)
	start := make([]byte, len(magic))
	if _, err := io.ReadFull(in, start); err != nil || string(start) != magic {
		return nil, badFile("load", fmt.Errorf("it does not begin with %q", magic))
	}
	var head fileHead
	if err := strictly(&pieces{in: in}, &head); err != nil {
		return nil, badFile("load", err)
	}
	plan, err := quietly(head.Models, options)
	if err != nil {
		return nil, err
	}
	var stores []Option
	for _, name := range head.Datastores {
		part := &pieces{in: in}
		db, err := memrel.Load(part, plan.all(name)...)
		if err != nil {
			return nil, err
		}
		if _, err := io.Copy(io.Discard, part); err != nil {
			return nil, badFile("load", err)
		}
		stores = append(stores, Datastore(name, db))
	}
	return Open(head.Models, slices.Concat(options, stores)...)
}

func badFile(op string, err error) error {
	return &memrel.Error{Kind: memrel.ErrFile, Op: op, Detail: "this is no file of an ontology", Cause: err, Hint: "load what Ontology.Save wrote"}
}

// pieceSize is how much of a part is gathered to a piece.
const pieceSize = 64 << 10

// inPieces writes a part.
func inPieces(out *bufio.Writer, write func(io.Writer) error) error {
	gathered := bufio.NewWriterSize(pieceWriter{out}, pieceSize)
	if err := write(gathered); err != nil {
		return err
	}
	if err := gathered.Flush(); err != nil {
		return err
	}
	return out.WriteByte(0)
}

// pieceWriter writes each write as a piece.
type pieceWriter struct{ out *bufio.Writer }

// Write writes a piece.
func (p pieceWriter) Write(b []byte) (int, error) {
	if _, err := p.out.Write(binary.AppendUvarint(nil, uint64(len(b)))); err != nil {
		return 0, err
	}
	return p.out.Write(b)
}

// pieces reads a part.
type pieces struct {
	in   *bufio.Reader
	left uint64
	done bool
}

// Read reads of the piece under way, or of the next.
func (p *pieces) Read(b []byte) (int, error) {
	if p.left == 0 && !p.done {
		n, err := binary.ReadUvarint(p.in)
		if err != nil {
			return 0, io.ErrUnexpectedEOF
		}
		p.left, p.done = n, n == 0
	}
	if p.done {
		return 0, io.EOF
	}
	n, err := p.in.Read(b[:min(uint64(len(b)), p.left)])
	p.left -= uint64(n)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}
