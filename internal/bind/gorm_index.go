package bind

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// gormIndex is what a field says of an index that it is part of.
type gormIndex struct {
	name     string
	unique   bool
	priority int
	column   string
	order    query.Order
	length   int
}

// gormKeys gives the schema the indexes and unique keys that the tags describe; those of one name are one, over its columns by priority.
func (b *schemaBuilder) gormKeys(fields []structField) error {
	var all []gormIndex
	for i := range fields {
		f := &fields[i]
		if f.gorm.on("UNIQUE") {
			b.schema.Unique = append(b.schema.Unique, table.UniqueKey{Name: "uni_" + b.schema.Name + "_" + f.column, Columns: []string{f.column}})
		}
		for _, part := range splitEscaped(f.tag, ";") {
			x, is, p := b.gormIndex(f, part)
			if p != nil {
				return p.at(b.schema.Name, f.path)
			}
			if is {
				all = append(all, x)
			}
		}
	}
	for len(all) > 0 {
		name := all[0].name
		same := slices.Collect(func(yield func(gormIndex) bool) {
			for _, x := range all {
				if x.name == name && !yield(x) {
					return
				}
			}
		})
		all = slices.DeleteFunc(all, func(x gormIndex) bool { return x.name == name })
		b.addGORMIndex(same)
	}
	return nil
}

// addGORMIndex adds what several fields say of one index.
func (b *schemaBuilder) addGORMIndex(parts []gormIndex) {
	unique := slices.ContainsFunc(parts, func(x gormIndex) bool { return x.unique })
	slices.SortStableFunc(parts, func(x, y gormIndex) int { return cmp.Compare(x.priority, y.priority) })
	out := table.Index{Name: parts[0].name}
	for _, x := range parts {
		out.Columns = append(out.Columns, x.column)
		if x.order.Column != "" {
			out.Order = append(out.Order, x.order)
		}
		out.Prefix = keyPart{length: x.length}.prefixOf(x.column, out.Prefix)
	}
	if unique {
		b.schema.Unique = append(b.schema.Unique, table.UniqueKey{Name: out.Name, Columns: out.Columns, Order: out.Order, Prefix: out.Prefix})
		return
	}
	b.schema.Indexes = append(b.schema.Indexes, out)
}

// gormIndex reads one setting, if it is about an index.
func (b *schemaBuilder) gormIndex(f *structField, part string) (x gormIndex, is bool, p *problem) {
	key, text, _ := strings.Cut(part, ":")
	key = strings.ToUpper(strings.TrimSpace(key))
	if key != "INDEX" && key != "UNIQUEINDEX" {
		return x, false, nil
	}
	name, rest, _ := strings.Cut(text, ",")
	x = gormIndex{name: name, unique: key == "UNIQUEINDEX", priority: 10, column: f.column}
	of := f.name
	for _, option := range splitEscaped(rest, ",") {
		k, v, _ := strings.Cut(option, ":")
		switch k = strings.ToUpper(strings.TrimSpace(k)); {
		case k == "UNIQUE" || k == "CLASS" && strings.EqualFold(v, "UNIQUE"):
			x.unique = true
		case k == "PRIORITY":
			if n, err := strconv.Atoi(v); err == nil {
				x.priority = n
			}
		case k == "COMPOSITE" && v != "":
			of = v
		case k == "LENGTH":
			if x.length, _ = strconv.Atoi(v); x.length < 1 {
				return x, true, problemf("use length:10", "its index is of length %s", types.QuoteShort(v))
			}
		case k == "SORT":
			var err error
			if x.order, err = query.ParseOrder(f.column, v); err != nil {
				return x, true, problemf("use sort:desc, or sort:asc nulls first", "its index is sorted %s", types.QuoteShort(v))
			}
		case k != "" && !slices.Contains([]string{"TYPE", "COMMENT", "OPTION"}, k): // which say how a database finds rows, not which
			return x, true, problemf("give TableOf an Index or UniqueKey"+beside, "its index asks for %s, which is not kept here", types.QuoteShort(option))
		}
	}
	if x.name == "" {
		x.name = "idx_" + b.schema.Name + "_" + gormName(of)
	}
	return x, true, nil
}
