// What Microsoft's own parser of the language says about each query of a plan, with the columns that the tables have:
// `node parse.js MODULES TABLES.json QUERIES.json`; QUERIES.json is {name: query}.
'use strict';

const fs = require('fs');
const path = require('path');
const vm = require('vm');

const [modules, tablesFile, queriesFile] = process.argv.slice(2);
const parser = path.join(modules, '@kusto', 'language-service-next');
// It is made for pages and editors: scripts that put themselves into the global scope.
for (const file of ['bridge.min.js', 'Kusto.Language.Bridge.min.js']) {
  vm.runInThisContext(fs.readFileSync(path.join(parser, file), 'utf8'), file);
}

/* global Kusto */
const { Symbols, KustoCode, GlobalState } = Kusto.Language;
const tables = Object.entries(JSON.parse(fs.readFileSync(tablesFile, 'utf8'))).map(([name, columns]) => {
  const columnList = Object.entries(columns).map(([column, type]) => `${column}: ${type}`).join(', ');
  return Symbols.TableSymbol.From(`(${columnList})`).WithName(name);
});
const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor('workspace', tables));

function complaints(query) {
  const found = KustoCode.ParseAndAnalyze(query, globals).GetDiagnostics();
  return Array.from({ length: found.Count }, (_, index) => found.getItem(index))
    .filter((one) => one.Severity !== 'Suggestion')
    .map((one) => `${one.Message} (at: ${query.slice(one.Start, one.Start + 60)})`);
}

// That it sees anything at all.
if (complaints('AppTraces | where ItemCont > 1').length !== 1) {
  console.error('the parser does not know the columns of its tables');
  process.exit(2);
}

let wrong = 0;
const queries = Object.entries(JSON.parse(fs.readFileSync(queriesFile, 'utf8')));
for (const [name, query] of queries) {
  for (const complaint of complaints(query)) {
    console.error(`${name}: ${complaint}`);
    wrong += 1;
  }
}
console.log(`${queries.length} queries, ${wrong} complaints`);
process.exit(wrong === 0 && queries.length > 0 ? 0 : 1);
