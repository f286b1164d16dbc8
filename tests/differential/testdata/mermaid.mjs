// node mermaid.mjs DIRECTORY reads diagrams from standard input, [{file, text, tables, columns, relations}], with the Mermaid that is
// installed in the directory, and tells where it reads something else than is there.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(join(process.argv[2], 'x.js'));
const { default: mermaid } = await import(pathToFileURL(require.resolve('mermaid')));
const plain = (s) => s.replace(/ﬂ°°(\d+)¶ß/g, (_, n) => String.fromCodePoint(n));
let failed = 0;
for (const d of JSON.parse(readFileSync(0, 'utf8'))) {
	try {
		await mermaid.parse(d.text);
		const { db } = await mermaid.mermaidAPI.getDiagramFromText(d.text);
		if (!d.tables) continue;
		const entities = [...db.getEntities().entries()];
		const read = { tables: entities.map(([name]) => plain(name)), columns: entities.reduce((n, [, e]) => n + e.attributes.length, 0),
			relations: db.getRelationships().length };
		const wanted = { tables: d.tables, columns: d.columns, relations: d.relations };
		if (JSON.stringify(read) !== JSON.stringify(wanted)) throw new Error(`read ${JSON.stringify(read)}, not ${JSON.stringify(wanted)}`);
	} catch (e) {
		failed++;
		if (failed < 5) console.log(`${d.file}: ${e.message}\n${d.text}`);
	}
}
if (failed > 0) {
	console.log(`${failed} diagrams`);
	process.exit(1);
}
