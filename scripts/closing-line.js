/** Prints `N passed, N failed` from JUnit files. Fails when there is none: tests that did not run have not passed. */
import { readFileSync } from 'node:fs'

const junit = process.argv.slice(2).map((file) => readFileSync(file, 'utf8'))
const count = (pattern) => junit.reduce((sum, text) => sum + (text.match(pattern)?.length ?? 0), 0)
const [all, skipped] = [count(/<testcase\b/g), count(/<skipped\b/g)]
const failed = count(/<failure\b/g) + count(/<error\b/g)
if (all === 0) throw new Error('there is no test in the JUnit files')
console.log(`${all - failed - skipped} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`)
