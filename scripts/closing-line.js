/**
 * Prints from JUnit files which tests have failed and with what first line, and `N passed, N failed`. Fails when there is
 * none: tests that did not run have not passed.
 */
import { readFileSync } from 'node:fs'

const junit = process.argv.slice(2).map((file) => readFileSync(file, 'utf8'))
const count = (pattern) => junit.reduce((sum, text) => sum + (text.match(pattern)?.length ?? 0), 0)
const [all, skipped] = [count(/<testcase\b/g), count(/<skipped\b/g)]
const failed = count(/<failure\b/g) + count(/<error\b/g)
if (all === 0) throw new Error('there is no test in the JUnit files')
const told = /<testcase classname="([^"]*)" name="([^"]*)"[^>]*>\s*<(?:failure|error) message="([^"\n]*)/g
for (const [, file, name, message] of junit.flatMap((text) => [...text.matchAll(told)]))
  console.log(plain(`FAILED ${file}: ${name}: ${message}`))
console.log(`${all - failed - skipped} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`)

function plain(xml) {
  const entities = { '&gt;': '>', '&lt;': '<', '&quot;': '"', '&apos;': "'", '&amp;': '&' }
  return xml.replace(/&(?:gt|lt|quot|apos|amp);/g, (entity) => entities[entity])
}
