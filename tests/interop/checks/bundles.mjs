// Says on one line each what examples/javascript/verify_bundle.js finds of the bundles named.

import { readFileSync } from 'node:fs'
import { audit } from '../../../examples/javascript/verify_bundle.js'

for (const name of process.argv.slice(2)) {
  const report = audit(new Uint8Array(readFileSync(name)))
  const rules = new Set(report.findings.filter((found) => found.verdict !== 'noted').map((found) => found.rule))
  console.log([report.verdict, ...[...rules].sort()].join(' '))
}
