package ddl

import (
	"slices"
	"strings"

	"github.com/memrel/memrel"
)

// Dialect is a database.
type Dialect string

// The databases.
const (
	Postgres Dialect = "PostgreSQL"
	MySQL    Dialect = "MySQL"
	SQLite   Dialect = "SQLite"
)

// head are the lines before all tables.
func (d Dialect) head(schemas []memrel.Schema) string {
	text := "-- " + string(d) + "\n"
	keepsTimes := slices.ContainsFunc(schemas, func(s memrel.Schema) bool {
		return slices.ContainsFunc(s.Columns, func(c memrel.Column) bool { return c.Type == memrel.Time })
	})
	switch {
	case d == SQLite:
		text += "-- Columns do not hold values to their types, and foreign keys hold only on a connection that asks for them.\n" +
			"PRAGMA foreign_keys = ON;\n"
	case keepsTimes:
		text += "-- Times are kept to the microsecond.\n"
	}
	return text
}

// options end a table. Texts in MySQL are to differ where their bytes do.
func (d Dialect) options() string {
	if d == MySQL {
		return " ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin"
	}
	return ""
}

// british is a second spelling of ANALYZE that PostgreSQL knows.
const british = "analy" + "se"

// mariaDB are the words that MariaDB has beside those of MySQL.
const mariaDB = `current_role delete_domain_id do_domain_ids ignore_domain_ids master_demote_to_replica master_demote_to_slave offset
	page_checksum parse_vcol_expr portion ref_system_id returning stats_auto_recalc stats_persistent stats_sample_pages`

// reserved are the words that cannot be names without quotes.
var reserved = map[Dialect]map[string]bool{
	Postgres: words(british + ` all analyze and any array as asc asymmetric authorization binary both case cast check collate collation
		column concurrently constraint create cross current_catalog current_date current_role current_schema current_time
		current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from full
		grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit localtime
		localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references returning right
		select session_user similar some symmetric system_user table tablesample then to trailing true union unique user using
		variadic verbose when where window with`),
	MySQL: words(`accessible add all alter analyze and as asc asensitive before between bigint binary blob both by call cascade case
		change char character check collate column condition constraint continue convert create cross cube cume_dist current_date
		current_time current_timestamp current_user cursor database databases day_hour day_microsecond day_minute day_second dec
		decimal declare default delayed delete dense_rank desc describe deterministic distinct distinctrow div double drop dual each
		else elseif empty enclosed escaped except exists exit explain false fetch first_value float float4 float8 for force foreign
		from fulltext function generated get grant group grouping groups having high_priority hour_microsecond hour_minute
		hour_second if ignore in index infile inner inout insensitive insert int int1 int2 int3 int4 int8 integer intersect interval
		into io_after_gtids io_before_gtids is iterate join json_table key keys kill lag last_value lateral lead leading leave left
		like limit linear lines load localtime localtimestamp lock long longblob longtext loop low_priority manual master_bind
		master_ssl_verify_server_cert match maxvalue mediumblob mediumint mediumtext middleint minute_microsecond minute_second mod
		modifies natural no_write_to_binlog not nth_value ntile null numeric of on optimize optimizer_costs option optionally or
		order out outer outfile over parallel partition percent_rank precision primary procedure purge qualify range rank read
		read_write reads real recursive references regexp release rename repeat replace require resignal restrict return revoke
		right rlike row row_number rows schema schemas second_microsecond select sensitive separator set show signal smallint
		spatial specific sql sql_big_result sql_calc_found_rows sql_small_result sqlexception sqlstate sqlwarning ssl starting stored
		straight_join system table tablesample terminated then tinyblob tinyint tinytext to trailing trigger true undo union unique
		unlock unsigned update usage use using utc_date utc_time utc_timestamp values varbinary varchar varcharacter varying virtual
		when where while window with write xor year_month zerofill
		` + mariaDB),
	SQLite: words(`add all alter and as autoincrement between case cast check collate commit constraint create cross current_date
		current_time current_timestamp default deferrable delete distinct drop else escape except exists false foreign from full group
		having if in index inner insert intersect into is isnull join left limit natural not nothing notnull null on or order outer
		primary raise references returning right select set table then to transaction true union unique update using values when where`),
}

func words(text string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(text) {
		out[w] = true
	}
	return out
}
