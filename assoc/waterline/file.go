package waterline

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/memrel/memrel"
)

// A file of an ontology is a magic text, the models as JSON with the names of the datastores, and for each of these, in that
// order, what its store saves. Each part comes in pieces, of their length and their bytes, and ends with an empty one.
const magic = "ontology 1\n"

// storeMagic begins the file of a store, whatever its version.
const storeMagic = "memrel "

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
	if err := o.written(); err != nil {
		return badFile("save", err)
	}
	text, err := json.Marshal(head)
	if err != nil {
		return badFile("save", err)
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

// Load makes an ontology of what [Ontology.Save] wrote, or [memrel.View.Save] of a store that an ontology was opened over: the
// other datastores are then given by options. Options are those of [Open] again; read-only datastores are given by them.
// Errors are of kind [memrel.ErrFile] for what is no file or is damaged, and those of [Open] and [memrel.Load].
func Load(r io.Reader, options ...Option) (*Ontology, error) {
	return LoadContext(context.Background(), r, options...)
}

// LoadContext is [Load] that stops when a context is done, with an error of kind [memrel.ErrLimit].
func LoadContext(ctx context.Context, r io.Reader, options ...Option) (*Ontology, error) {
	if r == nil {
		return nil, badFile("load", errors.New("the reader is nil"))
	}
	in := bufio.NewReader(r)
	if start, err := in.Peek(len(storeMagic)); err == nil && string(start) == storeMagic {
		return loadStore(ctx, in, options)
	}
	start := make([]byte, len(magic))
	if _, err := io.ReadFull(in, start); err != nil || string(start) != magic {
		return nil, badFile("load", fmt.Errorf("it does not begin with %q", magic))
	}
	var head fileHead
	if err := strictly(&pieces{in: in}, &head); err != nil {
		return nil, badFile("load", err)
	}
	var stores []*memrel.DB
	for _, name := range head.Datastores {
		part := &pieces{in: in}
		db, err := memrel.LoadContext(ctx, part, head.part(name, options))
		if err != nil {
			return nil, err
		}
		if _, err := io.Copy(io.Discard, part); err != nil {
			return nil, badFile("load", err)
		}
		stores = append(stores, db)
	}
	if _, err := in.ReadByte(); err == nil {
		return nil, badFile("load", errors.New("something follows the file"))
	}
	if len(stores) == 0 {
		return Open(head.Models, options...)
	}
	return Reopen(stores, options...)
}

// part are the definitions of a datastore, by what it keeps. What was written before stores kept anything goes by the head.
func (h fileHead) part(name string, options []Option) memrel.Definition {
	return memrel.Form{Name: formName, Read: func(text []byte) ([]memrel.Definition, error) {
		if text == nil {
			return form{Datastore: name, Models: h.Models}.definitions(options)
		}
		f, err := readForm(text)
		if err != nil {
			return nil, err
		}
		return f.definitions(options)
	}}
}

// loadStore makes an ontology of the file of one of its datastores.
func loadStore(ctx context.Context, r io.Reader, options []Option) (*Ontology, error) {
	db, err := memrel.LoadContext(ctx, r, saved(options))
	if err != nil {
		return nil, err
	}
	return Reopen([]*memrel.DB{db}, options...)
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
