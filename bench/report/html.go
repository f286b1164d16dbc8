package report

import (
	"bytes"
	"html/template"
	"os"

	"github.com/memrel/memrel/bench/harness"
)

var page = template.Must(template.New("page").Parse(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>memrel beside its peers</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
pre { overflow-x: auto; font-size: 12px; line-height: 1.35; background: #f6f6f4; padding: 1rem; }
figure { display: inline-block; vertical-align: top; margin: 0 1rem 2rem 0; }
svg { max-width: 100%; height: auto; }
</style>
</head>
<body>
<h1>memrel beside its peers</h1>
<p>Medians of one run, all engines in turn on the same rows, with the same rules enforced. A bar to the right is a peer that
costs more than memrel; <code>cd bench &amp;&amp; go run . -html FILE</code> draws this page.</p>
{{range .Plots}}<figure>{{.}}</figure>
{{end}}
<pre>{{.Table}}</pre>
</body>
</html>
`))

// HTML writes one page with the plots and the table, which needs nothing beside itself.
func HTML(file string, results []harness.Result, plots PlotSet) error {
	var table, out bytes.Buffer
	if err := Table(&table, results); err != nil {
		return err
	}
	if err := Exponents(&table, results); err != nil {
		return err
	}
	inline := make([]template.HTML, len(plots))
	for i, p := range plots {
		inline[i] = template.HTML(p.SVG[max(bytes.Index(p.SVG, []byte("<svg")), 0):])
	}
	if err := page.Execute(&out, map[string]any{"Plots": inline, "Table": table.String()}); err != nil {
		return err
	}
	return os.WriteFile(file, out.Bytes(), 0o644)
}
