/** Prints `N passed, N failed` from a JUnit file. Fails when there is none: tests that did not run have not passed. */
import { readFileSync } from 'node:fs'

const junit = readFileSync(process.argv[2], 'utf8')
const count = (pattern) => junit.match(pattern)?.length ?? 0
const [all, skipped] = [count(/<testcase\b/g), count(/<skipped\b/g)]
const failed = count(/<failure\b/g) + count(/<error\b/g)
if (all === 0) throw new Error(`${process.argv[2]} names no test`)
console.log(`${all - failed - skipped} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`)
