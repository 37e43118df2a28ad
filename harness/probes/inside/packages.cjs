// Prints which Node this is and which packages stand in a node_modules folder, as JSON.
const { readFileSync, readdirSync } = require('node:fs')
const { join } = require('node:path')

const folder = process.argv[2]
const list = (path) => {
  try {
    return readdirSync(path).filter((name) => !name.startsWith('.'))
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
    throw error
  }
}
const names = list(folder).flatMap((name) =>
  name.startsWith('@') ? list(join(folder, name)).map((inner) => `${name}/${inner}`) : [name],
)
const installed = {}
for (const name of names.sort()) {
  try {
    const { version = null } = JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8'))
    installed[name] = { version }
  } catch {
    // A folder without package.json is not a package.
  }
}
console.log(JSON.stringify({ version: process.versions.node, installed }))
