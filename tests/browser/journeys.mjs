// Goes the ways of people through the office of nodes that standard input names, and says what is wrong: a node is
// set up, a password is lost, somebody is refused what is not theirs. Every page on the way is looked at narrow and
// wide and judged by axe. Without JavaScript, as all pages work.

import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const require = createRequire(import.meta.url)
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const NARROW = { width: 320, height: 640 }
const WIDE = { width: 1280, height: 900 }
// To the first published practice a set-up may take twelve clicks; the form and its confirmation take four of them.
const MAX_CLICKS = 8
const PLACES = { ar: ['سطا', '06.461.01.15'], fr: ['el haj', '03.171.01.05'] }
const PASSWORD = 'une phrase assez longue'
const OTHER = 'une autre phrase longue'

const { program, offices } = JSON.parse(readFileSync(0, 'utf8'))
const shots = process.env.MULTAQA_SHOTS
const faults = []
const fault = (where, what) => faults.push(`${where}: ${what}`)

// A person at a browser, whose clicks are counted.
class Person {
  constructor(page, language) {
    Object.assign(this, { page, language, clicks: 0 })
  }

  async click(selector) {
    this.clicks += 1
    await Promise.all([this.page.waitForLoadState('load'), this.page.click(selector)])
    await this.page.waitForLoadState('networkidle')
  }

  at(path) {
    const { pathname } = new URL(this.page.url())
    if (pathname !== `/${this.language}${path}`) fault(this.language, `is at ${pathname}, not ${path}`)
  }

  // Looks at the page as it is.
  async look(name) {
    const where = `${name}.${this.language}`
    for (const [width, size] of [['narrow', NARROW], ['wide', WIDE]]) {
      await this.page.setViewportSize(size)
      await this.page.evaluate(() => document.fonts.ready)
      const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      if (wide > 0) fault(where, `is ${wide} px wider than ${size.width}`)
      const result = await this.page.evaluate(rules => window.axe.run(document, { runOnly: { type: 'tag', values: rules } }), RULES)
      for (const { id, help, nodes } of result.violations) fault(`${where}.${width}`, `axe ${id}: ${help}: ${nodes[0].html.slice(0, 160)}`)
      if (shots) await this.page.screenshot({ path: join(shots, `${where}.${width}.png`), fullPage: true })
    }
    const [lang, direction] = await this.page.evaluate(() => [document.documentElement.lang, document.documentElement.dir])
    if (lang !== this.language || direction !== (lang === 'ar' ? 'rtl' : 'ltr')) fault(where, `is ${lang} ${direction}`)
  }
}

async function someone(browser, language) {
  const context = await browser.newContext({ viewport: WIDE, locale: language, bypassCSP: true })
  await context.addInitScript(axe)
  const page = await context.newPage()
  page.on('console', message => {
    const isRefusal = message.text().startsWith('Failed to load resource')
    if (message.type() === 'error' && !isRefusal) fault(language, `console: ${message.text()}`)
  })
  return new Person(page, language)
}

async function choosePassword(person, password) {
  await person.page.fill('#password', password)
  await person.page.fill('#again', password)
  await person.click('form.fields button')
}

// From the link of the console to an office with its administrator.
async function setUp(person, link) {
  const [typed, code] = PLACES[person.language]
  await person.page.goto(link.replace('/ar/', `/${person.language}/`))
  await person.look('setup-1-place')
  await person.page.fill('#q', typed)
  await person.click('.find button')
  await person.look('setup-2-places')
  await person.click(`button[value="${code}"]`)
  await person.look('setup-3-key')
  const key = (await person.page.textContent('.digits code')).replace(/\s/g, '')
  if (!/^[0-9a-f]{64}$/.test(key)) fault(person.language, 'shows no rotation key')
  if (shots) await person.page.pdf({ path: join(shots, `key.${person.language}.pdf`) })
  await person.click('#sealed')
  await person.click('.fields button')
  await person.look('setup-4-administrator')
  await person.page.fill('#name', 'سعيد Said')
  await choosePassword(person, PASSWORD)
  person.at('/office/network')
  await person.look('setup-5-network')
  await person.click('form.fields a')
  person.at('/office')
  await person.look('office')
  if ((await person.page.content()).includes(key)) fault(person.language, 'the key is shown again')
  if (person.clicks > MAX_CLICKS) fault(person.language, `the set-up takes ${person.clicks} clicks`)
  console.log(`${person.language}: set up in ${person.clicks} clicks`)
}

// The administrator's password is lost: the console makes a link.
async function losePassword(browser, person, data) {
  await person.click('.leave button')
  person.at('/office/sign-in')
  await person.look('sign-in')
  await person.page.fill('#name', 'سعيد said')
  await person.page.fill('#password', 'oubliée, hélas')
  await person.click('form.fields button')
  await person.look('sign-in-refused')
  if (!await person.page.isVisible('#refused')) fault(person.language, 'a wrong password is not refused')
  const link = execFileSync(program, ['--data', data, '--quiet', 'office', 'link'], { encoding: 'utf8' }).trim()
  person.clicks = 0
  await person.page.goto(link.replace('/ar/', `/${person.language}/`))
  await person.look('choose')
  await choosePassword(person, OTHER)
  person.at('/office')
  console.log(`${person.language}: a lost password is replaced in ${person.clicks} click`)
  const again = await person.page.goto(link.replace('/ar/', `/${person.language}/`))
  if (again.status() !== 422) fault(person.language, 'a link opens twice')
  await person.look('link-closed')
}

// A reader is let in, and refused what is the administrator's.
async function refuse(browser, person) {
  await person.page.goto(new URL(`/${person.language}/office/people`, person.page.url()).href)
  await person.page.fill('#name', 'أمينة Amina')
  await person.click('#new-reader')
  await person.click('section[aria-labelledby="add"] button')
  await person.look('people-link')
  const link = await person.page.textContent('#handed')
  await person.page.goto(new URL(`/${person.language}/office/people`, person.page.url()).href)
  await person.look('people')
  for (const name of ['settings', 'signatures', 'account']) {
    await person.page.goto(new URL(`/${person.language}/office/${name}`, person.page.url()).href)
    await person.look(name)
  }
  const reader = await someone(browser, person.language)
  await reader.page.goto(link)
  await choosePassword(reader, PASSWORD)
  reader.at('/office')
  await reader.look('office-reader')
  for (const name of ['people', 'settings', 'network', 'signatures']) {
    const path = `/${person.language}/office/${name}`
    if (await reader.page.locator(`main a[href="${path}"]`).count() > 0) fault(path, 'is offered to a reader')
    const answer = await reader.page.goto(new URL(path, reader.page.url()).href)
    if (answer.status() !== 403) fault(path, `answers a reader ${answer.status()}`)
  }
  await reader.look('refused')
  const posted = await reader.page.request.post(new URL('/api/v1/records', reader.page.url()).href, { data: {} })
  if (posted.status() !== 403) fault(person.language, `a reader publishes: ${posted.status()}`)
  await reader.page.context().close()
}

// Signs in without a mouse.
async function byKeyboard(browser, person) {
  const { page, language } = await someone(browser, person.language)
  await page.goto(new URL(`/${language}/office`, person.page.url()).href)
  const reach = async id => {
    for (let steps = 0; steps < 40; steps++) {
      if (await page.evaluate(() => document.activeElement?.id) === id) return
      await page.keyboard.press('Tab')
    }
    fault(language, `#${id} is not reached by Tab`)
  }
  await reach('name')
  await page.keyboard.type('سعيد Said')
  await reach('password')
  await page.keyboard.type(OTHER)
  await Promise.all([page.waitForURL(`**/${language}/office`), page.keyboard.press('Enter')])
  await page.context().close()
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none'],
})
try {
  if (shots) mkdirSync(shots, { recursive: true })
  for (const { language, link, data } of offices) {
    const person = await someone(browser, language)
    await setUp(person, link)
    await losePassword(browser, person, data)
    await refuse(browser, person)
    await byKeyboard(browser, person)
    await person.page.context().close()
  }
} catch (error) {
  fault('a journey ended', error.stack)
} finally {
  await browser.close()
}
faults.forEach(text => console.error(text))
console.log(faults.length === 0 ? 'the journeys are sound' : `${faults.length} faults`)
process.exit(faults.length === 0 ? 0 : 1)
