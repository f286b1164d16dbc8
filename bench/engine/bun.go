package engine

import (
	"context"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"

	"github.com/memrel/memrel/bench/data"
)

// bunStore is bun on SQLite; the tables and their foreign keys are those of [sqlStore].
type bunStore struct {
	*sqlStore
	b *bun.DB
}

type (
	bunUser struct {
		bun.BaseModel `bun:"table:users"`
		ID            int64      `bun:",pk"`
		Email         string     `bun:"email"`
		Posts         []*bunPost `bun:"rel:has-many,join:id=author_id"`
	}
	bunPost struct {
		bun.BaseModel `bun:"table:posts"`
		ID            int64 `bun:",pk"`
		AuthorID      int64
		Slug          string
		Title         string
		Tags          []*bunTag `bun:"m2m:post_tags,join:Post=Tag"`
	}
	bunTag struct {
		bun.BaseModel `bun:"table:tags"`
		ID            int64 `bun:",pk"`
		Name          string
	}
	bunPostTag struct {
		bun.BaseModel `bun:"table:post_tags"`
		PostID        int64    `bun:",pk"`
		Post          *bunPost `bun:"rel:belongs-to,join:post_id=id"`
		TagID         int64    `bun:",pk"`
		Tag           *bunTag  `bun:"rel:belongs-to,join:tag_id=id"`
	}
	bunParent struct {
		bun.BaseModel `bun:"table:parents"`
		ID            int64 `bun:",pk"`
		Name          string
		Children      []*bunChild `bun:"rel:has-many,join:id=parent_id"`
	}
	bunChild struct {
		bun.BaseModel `bun:"table:children"`
		ID            int64 `bun:",pk"`
		ParentID      int64
		Name          string
		Grandchildren []*bunGrandchild `bun:"rel:has-many,join:id=parent_id"`
	}
	bunGrandchild struct {
		bun.BaseModel `bun:"table:grandchildren"`
		ID            int64 `bun:",pk"`
		ParentID      int64
		Name          string
	}
)

// background is where bun wants a context.
var background = context.Background()

func openBun(Options) (Store, error) {
	s, err := openBelow()
	if err != nil {
		return nil, err
	}
	b := bun.NewDB(s.db, sqlitedialect.New())
	b.RegisterModel((*bunPostTag)(nil))
	return &bunStore{s, b}, nil
}

func toBun(p data.Post) bunPost {
	return bunPost{ID: p.ID, AuthorID: p.AuthorID, Slug: p.Slug, Title: p.Title}
}

func fromBun(p *bunPost) data.Post {
	return data.Post{ID: p.ID, AuthorID: p.AuthorID, Slug: p.Slug, Title: p.Title}
}

// Load is bun's where it is timed.
func (s *bunStore) Load(d *data.Data) error {
	one, posts := d.OnlyPosts()
	if !one {
		return s.sqlStore.Load(d)
	}
	return s.b.RunInTx(background, nil, func(ctx context.Context, tx bun.Tx) error {
		for len(posts) > 0 {
			n := min(ormBatch, len(posts))
			rows := make([]bunPost, n)
			for i := range rows {
				rows[i] = toBun(posts[i])
			}
			if _, err := tx.NewInsert().Model(&rows).Exec(ctx); err != nil {
				return err
			}
			posts = posts[n:]
		}
		return nil
	})
}

func (s *bunStore) onePost(where string, arg any) (data.Post, error) {
	var p bunPost
	err := s.b.NewSelect().Model(&p).Where(where, arg).Scan(background)
	return fromBun(&p), err
}

func (s *bunStore) Post(id int64) (data.Post, error) { return s.onePost("id = ?", id) }

func (s *bunStore) PostBySlug(slug string) (data.Post, error) { return s.onePost("slug = ?", slug) }

func (s *bunStore) visitPosts(visit func(data.Post), query func(*bun.SelectQuery) *bun.SelectQuery) error {
	var posts []bunPost
	err := query(s.b.NewSelect().Model(&posts)).Scan(background)
	for i := range posts {
		visit(fromBun(&posts[i]))
	}
	return err
}

func (s *bunStore) PostRange(low, high int64, visit func(data.Post)) error {
	return s.visitPosts(visit, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("id BETWEEN ? AND ?", low, high).Order("id")
	})
}

func (s *bunStore) PostsFrom(slug string, limit int, visit func(data.Post)) error {
	return s.visitPosts(visit, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("slug >= ?", slug).Order("slug").Limit(int64(limit))
	})
}

func (s *bunStore) PostsOf(author int64, visit func(data.Post)) error {
	return s.visitPosts(visit, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("author_id = ?", author).Order("id") })
}

func byID(q *bun.SelectQuery) *bun.SelectQuery { return q.Order("id") }

func (s *bunStore) TagsOf(post int64, visit func(data.Tag)) error {
	var p bunPost
	ordered := func(q *bun.SelectQuery) *bun.SelectQuery { return q.Order("bun_tag.id") }
	err := s.b.NewSelect().Model(&p).Relation("Tags", ordered).Where("id = ?", post).Scan(background)
	for _, t := range p.Tags {
		visit(data.Tag{ID: t.ID, Name: t.Name})
	}
	return err
}

func (s *bunStore) Include(low, high int64, visit func(data.User, []data.Post)) error {
	var users []bunUser
	err := s.b.NewSelect().Model(&users).Relation("Posts", byID).Where("id BETWEEN ? AND ?", low, high).Order("id").Scan(background)
	for _, u := range users {
		posts := make([]data.Post, len(u.Posts))
		for i, p := range u.Posts {
			posts[i] = fromBun(p)
		}
		visit(data.User{ID: u.ID, Email: u.Email}, posts)
	}
	return err
}

func (s *bunStore) IncludeTree(visit func(data.Root, []Branch)) error {
	var parents []bunParent
	err := s.b.NewSelect().Model(&parents).Relation("Children", byID).Relation("Children.Grandchildren", byID).Order("id").Scan(background)
	for _, p := range parents {
		branches := make([]Branch, len(p.Children))
		for i, c := range p.Children {
			branches[i] = Branch{data.Link{ID: c.ID, ParentID: c.ParentID, Name: c.Name},
				links(c.Grandchildren, func(g *bunGrandchild) data.Link { return data.Link{ID: g.ID, ParentID: g.ParentID, Name: g.Name} })}
		}
		visit(data.Root{ID: p.ID, Name: p.Name}, branches)
	}
	return err
}

func (s *bunStore) InsertPost(p data.Post) error {
	row := toBun(p)
	_, err := s.b.NewInsert().Model(&row).Exec(background)
	return err
}

func (s *bunStore) set(model any, column string, id, to any) error {
	_, err := s.b.NewUpdate().Model(model).Set("? = ?", bun.Ident(column), to).Where("id = ?", id).Exec(background)
	return err
}

func (s *bunStore) Retitle(post int64, title string) error {
	return s.set((*bunPost)(nil), "title", post, title)
}

func (s *bunStore) Move(post, author int64) error {
	return s.set((*bunPost)(nil), "author_id", post, author)
}

func (s *bunStore) Renumber(user, to int64) error { return s.set((*bunUser)(nil), "id", user, to) }

func (s *bunStore) Tag(post, tag int64) error {
	_, err := s.b.NewInsert().Model(&bunPostTag{PostID: post, TagID: tag}).Exec(background)
	return err
}

func (s *bunStore) Untag(post, tag int64) error {
	_, err := s.b.NewDelete().Model(&bunPostTag{PostID: post, TagID: tag}).WherePK().Exec(background)
	return err
}

func (s *bunStore) Delete(table data.Table, id int64) error {
	_, err := s.b.NewDelete().Table(string(table)).Where("id = ?", id).Exec(background)
	return err
}

func (s *bunStore) InsertAll(posts []data.Post) error {
	return s.b.RunInTx(background, nil, func(ctx context.Context, tx bun.Tx) error {
		for _, p := range posts {
			row := toBun(p)
			if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}
