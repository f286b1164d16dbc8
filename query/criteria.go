package query

// Criteria are what rows are asked for by: a [Cond], or a [Query] where more than a condition is asked.
type Criteria interface{ query() Query }

func (c Cond) query() Query { return Query{Where: c} }

func (q Query) query() Query { return q }

// Asked is the query that criteria come to; nil asks for every row.
func Asked(c Criteria) Query {
	switch c := c.(type) {
	case nil:
		return Query{}
	case Cond: // mostly, and without the copies that a call by interface takes
		return Query{Where: c}
	}
	return c.query()
}
