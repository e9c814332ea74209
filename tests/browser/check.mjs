// Drives a browser through the pages of the nodes that standard input names, and says what is wrong.
//
// Every page in every language is loaded once and looked at narrow and wide, light and dark; then without
// JavaScript. One browser, a few contexts: what differs only in size or colours is no other load.

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { chromium } from 'playwright-core'

const here = dirname(fileURLToPath(import.meta.url))
const require = createRequire(import.meta.url)
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
const vnu = join(dirname(require.resolve('vnu-jar/package.json')), 'build/dist/vnu.jar')

const LANGUAGES = { ar: 'rtl', fr: 'ltr', en: 'ltr' }
const NARROW = { width: 320, height: 640 }
const WIDE = { width: 1280, height: 900 }
// What a page with all that it loads may weigh: a second on a slow line.
const MAX_BYTES = 100 * 1024
const MAX_PICTURE = 150 * 1024
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

const told = JSON.parse(readFileSync(0, 'utf8'))
const shots = process.env.MULTAQA_SHOTS
const faults = []
const fault = (where, what) => faults.push(`${where}: ${what}`)

// Where pages are, which are there: name, base, path after the language, status.
const { pages: full, empty, member, records } = told
const found = [
  ['home', full, '/', 200],
  ['library', full, '/library', 200],
  ['filtered', full, '/library?kind=plan&principle=transparency', 200],
  ['asked', full, '/library?q=participatory+budget', 200],
  ['nothing', full, '/library?kind=plan&place=12', 200],
  ['record', full, `/records/${records.full}`, 200],
  ['referring', full, `/library?refers_to=${records.full}`, 200],
  ['history', full, `/records/${records.full}/history`, 200],
  ['withdrawn', full, `/records/${records.withdrawn}`, 200],
  ...Object.entries(records.harmful).map(([name, id]) => [`harm-${name}`, full, `/records/${id}`, 200]),
  ['members', full, '/members', 200],
  ['members-then', full, '/members?as_of=2020-01-01', 200],
  ['member', full, `/members/${member}`, 200],
  ['log', full, `/members/${member}/log`, 200],
  ['network', full, '/network', 200],
  ['charter', full, '/charters/0', 200],
  ['help', full, '/help', 200],
  ['terms', full, '/help/terms', 200],
  ['audit', full, '/audit', 200],
  ['data', full, '/data', 200],
  ['absent', full, `/records/${'0'.repeat(64)}`, 404],
  ['misspelt', full, '/library?knid=plan', 400],
  ['empty-home', empty, '/', 200],
  ['empty-library', empty, '/library', 200],
  ['empty-network', empty, '/network', 200],
]

const address = (base, language, path) => new URL(`/${language}${path}`, base).href

// Opens a page that notes what it asks for and what goes wrong on it.
async function open(context, name) {
  const page = await context.newPage()
  const seen = { bytes: 0 }
  page.on('console', message => {
    // A page that is an error is told of as one.
    const isOwn = message.location().url === page.url() && message.text().startsWith('Failed to load resource')
    if (['error', 'warning'].includes(message.type()) && !isOwn) fault(name.now, `console: ${message.text()}`)
  })
  page.on('pageerror', error => fault(name.now, `script: ${error}`))
  page.on('dialog', dialog => { fault(name.now, 'a dialog'); dialog.dismiss() })
  page.on('request', request => {
    const host = new URL(request.url()).host
    if (host !== new URL(name.base).host) fault(name.now, `asks ${request.url()}`)
  })
  const client = await context.newCDPSession(page)
  await client.send('Network.enable')
  // Else the fonts would be weighed on the first page only.
  await client.send('Network.setCacheDisabled', { cacheDisabled: true })
  client.on('Network.loadingFinished', event => { seen.bytes += event.encodedDataLength })
  return [page, seen]
}

// What is looked at in any size: is there a text without a message, is anything wider than the page?
function look() {
  const wrong = []
  const width = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth > width) {
    const isWide = element => {
      const { left, right } = element.getBoundingClientRect()
      return (right > width + 1 || left < -1) && !element.closest('.scroll, .unseen, .skip')
    }
    const wide = [...document.querySelectorAll('body *')].filter(isWide).slice(0, 3)
    wrong.push(`scrolls sideways (${document.documentElement.scrollWidth} > ${width}): ` +
      wide.map(element => `${element.tagName}.${element.getAttribute('class') ?? ''}`).join(', '))
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode
    if (/^[a-z]+(-[a-z0-9]+)+$/.test(data.trim()) && !parentElement.closest('code, pre, bdi, .told [lang]')) {
      wrong.push(`a text without a message: ${data.trim()}`)
    }
  }
  if (window.harmed !== undefined) wrong.push('a script of a record ran')
  if (getComputedStyle(document.body).display === 'none') wrong.push('a style of a record applies')
  return wrong
}

async function axeFaults(page) {
  const options = { runOnly: { type: 'tag', values: RULES } }
  const result = await page.evaluate(options => window.axe.run(document, options), options)
  return result.violations.map(violation =>
    `axe ${violation.id}: ${violation.help}: ${violation.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | ')}`)
}

async function shoot(page, name) {
  if (shots) await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true })
}

// Every page, narrow and wide, light and dark.
async function everyPage(browser, html) {
  const weights = []
  for (const [language, direction] of Object.entries(LANGUAGES)) {
    const context = await browser.newContext({ viewport: WIDE, locale: language, colorScheme: 'light' })
    const name = { now: '', base: full }
    const [page, seen] = await open(context, name)
    for (const [what, base, path, status] of found) {
      name.now = `${what}.${language}`
      name.base = base
      seen.bytes = 0
      const said = message => message.forEach(text => fault(name.now, text))
      const response = await page.goto(address(base, language, path), { waitUntil: 'load' })
      if (response.status() !== status) fault(name.now, `answers ${response.status()}, not ${status}`)
      writeFileSync(join(html, `${name.now}.html`), await response.body())
      await page.evaluate(() => document.fonts.ready)
      if (seen.bytes > MAX_BYTES) fault(name.now, `weighs ${seen.bytes} bytes`)
      weights.push([seen.bytes, name.now])
      const root = await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir])
      if (root.join() !== `${language},${direction}`) fault(name.now, `is in ${root}`)
      await page.evaluate(axe)
      said(await page.evaluate(look))
      said(await axeFaults(page))
      await shoot(page, `${name.now}.wide`)
      await page.emulateMedia({ colorScheme: 'dark' })
      said(await axeFaults(page))
      await shoot(page, `${name.now}.wide-dark`)
      await page.setViewportSize(NARROW)
      said(await page.evaluate(look))
      said(await axeFaults(page))
      await shoot(page, `${name.now}.narrow-dark`)
      await page.emulateMedia({ colorScheme: 'light' })
      said(await axeFaults(page))
      await shoot(page, `${name.now}.narrow`)
      await page.emulateMedia({ media: 'print' })
      said(await page.evaluate(look))
      await page.emulateMedia({ media: null })
      await page.setViewportSize(WIDE)
    }
    await context.close()
  }
  weights.sort((a, b) => b[0] - a[0])
  console.log(`heaviest pages: ${weights.slice(0, 5).map(([bytes, what]) => `${what} ${(bytes / 1024).toFixed(1)} KB`).join(', ')}`)
}

// Without JavaScript a page says the same and keeps its form.
async function withoutScripts(browser) {
  const context = await browser.newContext({ viewport: NARROW, javaScriptEnabled: false })
  const page = await context.newPage()
  for (const language of Object.keys(LANGUAGES)) {
    for (const [what, base, path] of found) {
      const response = await page.goto(address(base, language, path))
      const text = await page.locator('main').innerText()
      if (text.trim().length < 20) fault(`${what}.${language}`, 'says nothing without JavaScript')
      if ((await response.text()).match(/<script(?! type="application\/ld\+json">)/)) {
        fault(`${what}.${language}`, 'has a script')
      }
    }
  }
  // The filters of a narrow page open by a press.
  await page.goto(address(full, 'ar', '/library'))
  if (await page.locator('.filters h3').first().isVisible()) fault('library.ar', 'the filters are open on a phone')
  await page.locator('.filters > summary').click()
  if (!await page.locator('.filters h3').first().isVisible()) fault('library.ar', 'the filters do not open')
  await context.close()
}

// The element that has the focus, and whether that is seen.
const focused = page => page.evaluate(() => {
  const element = document.activeElement
  const { outlineStyle, outlineWidth } = getComputedStyle(element)
  const box = element.getBoundingClientRect()
  return {
    tag: element.tagName,
    href: element.getAttribute('href') ?? '',
    name: element.getAttribute('name') ?? '',
    className: element.className,
    isCard: element.closest('.card') !== null,
    isFilter: element.closest('.filters') !== null,
    isSeen: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && box.width > 0 && box.top >= -1,
  }
})

async function tabTo(page, what, wanted, most = 120) {
  for (let step = 0; step < most; step += 1) {
    await page.keyboard.press('Tab')
    const now = await focused(page)
    if (now.tag !== 'BODY' && !now.isSeen) fault(what, `the focus is not seen on ${now.tag} ${now.href}`)
    if (wanted(now)) return now
  }
  fault(what, 'the keyboard does not get there')
  return undefined
}

// The keyboard alone: skip link, search, a filter, a result.
async function byKeyboard(browser) {
  for (const language of Object.keys(LANGUAGES)) {
    const where = `keyboard.${language}`
    const context = await browser.newContext({ viewport: WIDE, locale: language })
    const page = await context.newPage()
    await page.goto(address(full, language, '/library'))
    const first = await tabTo(page, where, () => true)
    if (first?.href !== '#main') fault(where, 'the first stop is not the way past the navigation')
    await page.keyboard.press('Enter')
    if (!await page.evaluate(() => document.activeElement.id === 'main')) fault(where, 'the skip link does not skip')
    if (await page.locator('input[name=q]').count() > 0) {
      await tabTo(page, where, now => now.name === 'q')
      await page.keyboard.type('budget participatif')
      await page.keyboard.press('Enter')
      await page.waitForURL(/q=budget/)
      if (await page.locator('.card').count() === 0) fault(where, 'nothing is found')
      await tabTo(page, where, now => now.name === 'q')
    }
    const filter = await tabTo(page, where, now => now.isFilter && now.tag === 'A')
    await page.keyboard.press('Enter')
    await page.waitForURL(url => url.href.endsWith(filter.href))
    if (await page.locator('.chosen .chip').count() === 0) fault(where, 'a filter that was chosen is not shown')
    await tabTo(page, where, now => now.isCard, 200)
    await page.keyboard.press('Enter')
    await page.waitForURL(/records\//)
    await tabTo(page, where, now => now.href.includes('/api/v1/bundle'), 200)
    await context.close()
  }
}

// The first page in the language that the browser asks for; Arabic where it asks for none of ours.
async function chosenLanguage(browser) {
  for (const [locale, language] of [['fr-FR', 'fr'], ['en-GB', 'en'], ['ar-MA', 'ar'], ['de-DE', 'ar']]) {
    const context = await browser.newContext({ locale })
    const page = await context.newPage()
    await page.goto(full)
    if (!page.url().endsWith(`/${language}/`)) fault(`first page for ${locale}`, page.url())
    await context.close()
  }
}

// What a record says never leaves the place where it is shown.
async function harmless(browser) {
  const context = await browser.newContext({ viewport: NARROW })
  const page = await context.newPage()
  await page.goto(address(full, 'fr', `/records/${records.harmful.markup}`))
  const title = await page.locator('h1').innerText()
  if (!title.includes('<script>window.harmed = 1</script>')) fault('harm-markup', `the title is ${title}`)
  await page.goto(address(full, 'fr', `/records/${records.harmful.direction}`))
  const text = await page.locator('main').innerText()
  if (/[\u202a-\u202e\u2066-\u2067]/.test(text.replace(/\u2068|\u2069/g, ''))) fault('harm-direction', 'an override is left')
  if (!text.includes('[U+202E]')) fault('harm-direction', 'an override is not shown')
  await page.goto(address(full, 'fr', `/records/${records.harmful.marks}`))
  const marks = await page.locator('h1').evaluate(element => element.textContent.match(/\p{M}{6,}/u))
  if (marks) fault('harm-marks', 'a heap of marks is left')
  // What programs read in a page is what the export says, whatever that is.
  const answer = await context.request.get(new URL('/api/v1/export.jsonld', full).href)
  const exported = (await answer.json())['@graph']
  for (const [name, id] of Object.entries({ full: records.full, ...records.harmful })) {
    await page.goto(address(full, 'ar', `/records/${id}`))
    const scripts = await page.locator('script').allTextContents()
    const { '@context': context, ...described } = JSON.parse(scripts[0] ?? '{}')
    const isSame = isDeepStrictEqual(described, exported.find(record => record.identifier === id))
    if (scripts.length !== 1 || context !== 'https://schema.org' || !isSame) fault(name, 'is not described as in the export')
  }
  await page.goto(address(full, 'fr', `/records/${records.full}`))
  if (await page.locator('#referring ~ ul a').count() !== 1) fault('record', 'does not show what refers to it')
  await context.close()
}

// A node's bundle is given back to its page of audits, and compared with an altered copy.
async function audits(browser, folder) {
  for (const language of Object.keys(LANGUAGES)) {
    const context = await browser.newContext({ viewport: WIDE, locale: language })
    const name = { now: `audited.${language}`, base: full }
    const [page] = await open(context, name)
    const bundle = await (await page.request.get(new URL('/api/v1/bundle?all=true', full).href)).body()
    const altered = Buffer.from(bundle)
    altered[altered.length >> 1] ^= 1
    const file = (name, buffer) => ({ name, mimeType: 'application/cbor-seq', buffer })
    await page.goto(address(full, language, '/audit'))
    await page.setInputFiles('#bundle', file('a.bundle', bundle))
    await page.setInputFiles('#against', file('b.bundle', altered))
    await page.click('main form button')
    if (await page.locator('.report > .verdict.good').count() !== 1) fault(name.now, 'a good bundle is not verified')
    if (await page.locator('.report .checks > li').count() !== 9) fault(name.now, 'does not show each check')
    if (await page.locator('section[aria-labelledby="compared"] tbody tr').count() === 0) fault(name.now, 'compares nothing')
    writeFileSync(join(folder, `${name.now}.html`), await page.content())
    await page.evaluate(axe)
    for (const [width, size] of [['wide', WIDE], ['narrow', NARROW]]) {
      await page.setViewportSize(size)
      await page.evaluate(() => document.fonts.ready)
      const wrong = [...await page.evaluate(look), ...await axeFaults(page)]
      wrong.forEach(text => fault(`${name.now}.${width}`, text))
      await shoot(page, `${name.now}.${width}`)
    }
    await context.close()
  }
}

function html(folder) {
  try {
    execFileSync('java', ['-jar', vnu, '--errors-only', '--format', 'gnu', '--skip-non-html', folder], { encoding: 'utf8', stdio: 'pipe' })
  } catch (error) {
    const lines = String(error.stderr || error).split('\n').filter(Boolean)
    lines.slice(0, 40).forEach(line => fault('html', line.replace(folder, '')))
  }
}

// The pictures of the README.
async function pictures(browser) {
  const folder = join(here, '../../docs/pictures')
  mkdirSync(folder, { recursive: true })
  const views = [['library.ar', '/library?principle=participation&kind=practice', 'ar', 760], ['record.fr', `/records/${records.full}`, 'fr', 860]]
  for (const [name, path, language, height] of views) {
    const context = await browser.newContext({ viewport: { width: 1100, height }, locale: language })
    const page = await context.newPage()
    await page.goto(address(full, language, path), { waitUntil: 'networkidle' })
    await page.evaluate(() => document.fonts.ready)
    const file = join(folder, `${name}.png`)
    await page.screenshot({ path: file })
    if (statSync(file).size > MAX_PICTURE) fault(name, `the picture has ${statSync(file).size} bytes`)
    await context.close()
  }
}

const folder = mkdtempSync(join(tmpdir(), 'multaqa-html-'))
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none'],
})
try {
  if (shots) mkdirSync(shots, { recursive: true })
  const began = Date.now()
  const step = async (name, work) => {
    await work()
    console.log(`${name}: ${((Date.now() - began) / 1000).toFixed(0)} s so far`)
  }
  await step('every page', () => everyPage(browser, folder))
  await step('without scripts', () => withoutScripts(browser))
  await step('by keyboard', () => byKeyboard(browser))
  await step('language', () => chosenLanguage(browser))
  await step('harm', () => harmless(browser))
  await step('audits', () => audits(browser, folder))
  await step('html', () => html(folder))
  if (process.env.MULTAQA_PICTURES) await step('pictures', () => pictures(browser))
} finally {
  await browser.close()
  rmSync(folder, { recursive: true })
}
faults.forEach(text => console.error(text))
console.log(faults.length === 0 ? 'the pages are sound' : `${faults.length} faults`)
process.exit(faults.length === 0 ? 0 : 1)
