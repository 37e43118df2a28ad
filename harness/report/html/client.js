// What the page does by itself: filter, deep links, keys, copying, dark and light. It only ever shows and hides.
const one = (selector) => document.querySelector(selector)
const all = (selector, inside = document) => [...inside.querySelectorAll(selector)]
const root = document.documentElement
const fields = ['text', 'probe', 'environment', 'verdict'].map((id) => one(`#${id}`)).filter(Boolean)
const items = all('[data-item]').map((element) => ({
  element,
  text: element.textContent.toLowerCase(),
  probe: element.dataset.probe.split(' '),
  environment: element.dataset.environment.split(' '),
  verdict: element.dataset.verdict.split(' '),
}))

function filter() {
  const wanted = Object.fromEntries(fields.map(({ id, value }) => [id, value.trim()]))
  const words = wanted.text.toLowerCase().split(/\s+/).filter(Boolean)
  const active = Object.values(wanted).some(Boolean)
  for (const item of items) {
    const fits = ['probe', 'environment', 'verdict'].every((name) => !wanted[name] || item[name].includes(wanted[name]))
    item.element.hidden = !(fits && words.every((word) => item.text.includes(word)))
  }
  const shown = items.filter(({ element }) => !element.hidden)
  for (const group of all('main section, main details.fold')) {
    const inside = all('[data-item]', group)
    if (inside.length) group.hidden = inside.every((element) => element.hidden)
    if (active && inside.length && !group.hidden && group.matches('details')) group.open = true
  }
  one('.nothing').hidden = !active || shown.length > 0
  one('.shown').textContent = active ? `${shown.length} of ${items.length}` : ''
}

/** Opens whatever the target is folded into, and goes there. */
function follow() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (!target) return
  if (target.hidden || target.closest('[hidden]')) clear()
  for (let fold = target.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true
  target.scrollIntoView({ block: 'start' })
  if (target.matches('.finding')) target.focus({ preventScroll: true })
}

function clear() {
  for (const field of fields) field.value = ''
  filter()
}

function step(by) {
  const findings = all('.finding').filter((element) => !element.hidden && !element.closest('[hidden]'))
  const current = findings.findIndex((element) => element.contains(document.activeElement))
  const next = findings[current === -1 && by < 0 ? findings.length - 1 : current + by]
  if (!next) return
  history.replaceState(null, '', `#${next.id}`)
  next.scrollIntoView({ block: 'start' })
  next.focus({ preventScroll: true })
}

function dark() {
  return root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches
}

function changeTheme() {
  root.dataset.theme = dark() ? 'light' : 'dark'
  remember('set', root.dataset.theme)
}

/** A page from a file may have no storage. */
function remember(verb, ...values) {
  try {
    return localStorage[`${verb}Item`]('parity-theme', ...values)
  } catch {
    return null
  }
}

async function copy(button) {
  await navigator.clipboard.writeText(button.parentElement.querySelector('code').textContent)
  button.textContent = 'copied'
  button.addEventListener('blur', () => (button.textContent = 'copy'), { once: true })
}

const keys = {
  j: () => step(1),
  k: () => step(-1),
  t: changeTheme,
  '/': () => one('#text').focus(),
  '?': () => one('#help').showModal(),
  Escape: clear,
}

root.dataset.theme = remember('get') ?? ''
for (const field of fields) field.addEventListener('input', filter)
one('#theme').addEventListener('click', changeTheme)
one('#keys').addEventListener('click', keys['?'])
one('#help button').addEventListener('click', () => one('#help').close())
document.addEventListener('click', ({ target }) => target.matches('.copy') && copy(target))
document.addEventListener('keydown', (event) => {
  const typing = event.target.matches('input, select, textarea')
  if (event.ctrlKey || event.metaKey || event.altKey || one('#help').open) return
  if (typing && event.key !== 'Escape') return
  const act = keys[event.key]
  if (!act) return
  event.preventDefault()
  if (typing) event.target.blur()
  act()
})
addEventListener('hashchange', follow)
follow()
