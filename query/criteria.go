package query

// Criteria are what rows are asked for by: a [Cond], or a [Query] where more than a condition is asked.
type Criteria interface{ query() Query }

func (c Cond) query() Query { return Query{Where: c} }

func (q Query) query() Query { return q }

// Asked is the query that criteria come to; nil asks for every row.
func Asked(c Criteria) Query {
	if c == nil {
		return Query{}
	}
	return c.query()
}
