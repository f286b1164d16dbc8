package engine

import (
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/memrel/memrel/bench/data"
)

// ormBatch is how many rows an ORM inserts in one statement.
const ormBatch = 1000

// gormStore is GORM on SQLite, with prepared statements; the tables and their foreign keys are those of [sqlStore].
type gormStore struct {
	*sqlStore
	g *gorm.DB
}

type (
	gormUser struct {
		ID    int64
		Email string
		Posts []data.Post `gorm:"foreignKey:AuthorID"`
	}
	gormPost struct {
		ID   int64
		Tags []data.Tag `gorm:"many2many:post_tags;joinForeignKey:PostID;joinReferences:TagID"`
	}
	gormPostTag data.PostTag
	gormParent  struct {
		ID       int64
		Name     string
		Children []gormChild `gorm:"foreignKey:ParentID"`
	}
	gormChild struct {
		ID            int64
		ParentID      int64
		Name          string
		Grandchildren []gormGrandchild `gorm:"foreignKey:ParentID"`
	}
	gormGrandchild data.Link
	gormLink       struct {
		ID       int64
		ParentID *int64
		Name     string
	}
)

// TableName is users.
func (gormUser) TableName() string { return "users" }

// TableName is posts.
func (gormPost) TableName() string { return "posts" }

// TableName is post_tags.
func (gormPostTag) TableName() string { return "post_tags" }

// TableName is parents.
func (gormParent) TableName() string { return "parents" }

// TableName is children.
func (gormChild) TableName() string { return "children" }

// TableName is grandchildren.
func (gormGrandchild) TableName() string { return "grandchildren" }

// openBelow is SQLite for an ORM to stand on.
func openBelow() (*sqlStore, error) {
	s, err := openMattn(Options{})
	if err != nil {
		return nil, err
	}
	return s.(*sqlStore), nil
}

func openGorm(Options) (Store, error) {
	s, err := openBelow()
	if err != nil {
		return nil, err
	}
	g, err := gorm.Open(sqlite.New(sqlite.Config{Conn: s.db}), &gorm.Config{PrepareStmt: true, Logger: logger.Discard})
	return &gormStore{s, g}, err
}

// Load is GORM's where it is timed.
func (s *gormStore) Load(d *data.Data) error {
	one, posts := d.OnlyPosts()
	if !one {
		return s.sqlStore.Load(d)
	}
	return s.g.Transaction(func(tx *gorm.DB) error { return tx.CreateInBatches(posts, ormBatch).Error })
}

func (s *gormStore) Post(id int64) (p data.Post, err error) {
	return p, s.g.Take(&p, id).Error
}

func (s *gormStore) PostBySlug(slug string) (p data.Post, err error) {
	return p, s.g.Where("slug = ?", slug).Take(&p).Error
}

// visitPosts runs a query for posts.
func (s *gormStore) visitPosts(q *gorm.DB, visit func(data.Post)) error {
	var posts []data.Post
	err := q.Find(&posts).Error
	return each(posts, err, visit)
}

func (s *gormStore) PostRange(low, high int64, visit func(data.Post)) error {
	return s.visitPosts(s.g.Where("id BETWEEN ? AND ?", low, high).Order("id"), visit)
}

func (s *gormStore) PostsFrom(slug string, limit int, visit func(data.Post)) error {
	return s.visitPosts(s.g.Where("slug >= ?", slug).Order("slug").Limit(limit), visit)
}

func (s *gormStore) PostsOf(author int64, visit func(data.Post)) error {
	return s.visitPosts(s.g.Where("author_id = ?", author).Order("id"), visit)
}

func (s *gormStore) TagsOf(post int64, visit func(data.Tag)) error {
	var tags []data.Tag
	err := s.g.Model(&gormPost{ID: post}).Order("id").Association("Tags").Find(&tags)
	return each(tags, err, visit)
}

func (s *gormStore) Include(low, high int64, visit func(data.User, []data.Post)) error {
	var users []gormUser
	byID := func(q *gorm.DB) *gorm.DB { return q.Order("id") }
	err := s.g.Preload("Posts", byID).Where("id BETWEEN ? AND ?", low, high).Order("id").Find(&users).Error
	for _, u := range users {
		visit(data.User{ID: u.ID, Email: u.Email}, u.Posts)
	}
	return err
}

func (s *gormStore) IncludeTree(visit func(data.Root, []Branch)) error {
	var parents []gormParent
	byID := func(q *gorm.DB) *gorm.DB { return q.Order("id") }
	err := s.g.Preload("Children", byID).Preload("Children.Grandchildren", byID).Order("id").Find(&parents).Error
	for _, p := range parents {
		branches := make([]Branch, len(p.Children))
		for i, c := range p.Children {
			branches[i] = Branch{data.Link{ID: c.ID, ParentID: c.ParentID, Name: c.Name},
				links(c.Grandchildren, func(g gormGrandchild) data.Link { return data.Link(g) })}
		}
		visit(data.Root{ID: p.ID, Name: p.Name}, branches)
	}
	return err
}

func (s *gormStore) InsertPost(p data.Post) error { return s.g.Create(&p).Error }

func (s *gormStore) Retitle(post int64, title string) error {
	return s.g.Model(&data.Post{ID: post}).Update("title", title).Error
}

func (s *gormStore) Move(post, author int64) error {
	return s.g.Model(&data.Post{ID: post}).Update("author_id", author).Error
}

func (s *gormStore) Renumber(user, to int64) error {
	return s.g.Model(&data.User{ID: user}).Update("id", to).Error
}

func (s *gormStore) Tag(post, tag int64) error {
	return s.g.Create(&gormPostTag{PostID: post, TagID: tag}).Error
}

func (s *gormStore) Untag(post, tag int64) error {
	return s.g.Where("post_id = ? AND tag_id = ?", post, tag).Delete(&gormPostTag{}).Error
}

func (s *gormStore) Delete(table data.Table, id int64) error {
	return s.g.Table(string(table)).Delete(&gormLink{}, id).Error
}

func (s *gormStore) InsertAll(posts []data.Post) error {
	return s.g.Transaction(func(tx *gorm.DB) error {
		for _, p := range posts {
			if err := tx.Create(&p).Error; err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *gormStore) Links(table data.Table, visit func(data.Link)) error {
	var rows []gormLink
	err := s.g.Table(string(table)).Order("id").Find(&rows).Error
	for _, r := range rows {
		visit(data.Link{ID: r.ID, ParentID: orZero(r.ParentID), Name: r.Name})
	}
	return err
}
