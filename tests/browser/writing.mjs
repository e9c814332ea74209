// Goes the ways of people who write in the office of two nodes of one network, and says what is wrong: a practice from
// an empty form to published, two tabs on one draft, a node that is away while somebody writes, four eyes, a challenge
// that a peer answers and its asker adopts and reports on, a plan from an idea to its evaluation, with a picture as
// evidence that the other node fetches when it is asked for. Every page on the way
// is looked at narrow and wide and judged by axe.

import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const require = createRequire(import.meta.url)
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const NARROW = { width: 320, height: 640 }
const WIDE = { width: 1280, height: 900 }
const PASSWORD = 'une phrase assez longue'
// From the office to a published practice; the set-up takes the others of twelve.
const MAX_CLICKS = 4
// How long one waits for what another node has published.
const ARRIVES = 60_000

const { language, first, second } = JSON.parse(readFileSync(0, 'utf8'))
const shots = process.env.MULTAQA_SHOTS
const faults = []
const fault = (where, what) => faults.push(`${language}: ${where}: ${what}`)
// A picture of 24 by 24 points.
const PICTURE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAABgAAAAYCAIAAABvFaqvAAAAH0lEQVR42mPgjvWmCmIYNWjUoFGDRg0aNWjUoIE3CADwh5LQPsfAUgAAAABJRU5ErkJggg==', 'base64')
const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
const own = { ar: ['ميزانية المواطن', 'الميزانية بلغة واضحة.'], fr: ['Budget citoyen', 'Le budget en langage clair.'] }[language]

class Person {
  constructor(page, base) {
    Object.assign(this, { page, base, clicks: 0 })
  }

  async open(path) {
    return this.page.goto(new URL(`/${language}${path}`, this.base).href)
  }

  // Opens what hides something, as one does to reach it.
  async unfold(selector) {
    const target = this.page.locator(selector).first()
    const closed = target.locator('xpath=ancestor::details[not(@open)]')
    while (await target.isHidden() && await closed.count() > 0) {
      this.clicks += 1
      await closed.first().locator('> summary').click()
    }
  }

  async click(selector) {
    await this.unfold(selector)
    this.clicks += 1
    await this.page.click(selector)
    await this.page.waitForLoadState('load')
  }

  async fill(selector, text) {
    await this.unfold(selector)
    await this.page.fill(selector, text)
  }

  async write(name, text) {
    await this.fill(`[name="${name}.${language}"]`, text)
  }

  async select(name, value) {
    await this.unfold(`select[name="${name}"]`)
    await this.page.selectOption(`select[name="${name}"]`, value)
  }

  // The button of a form that saves and does what its value says.
  async button(value) {
    await this.click(`main form.draft button[name="draft-do"][value="${value}"]:not(.unseen)`)
  }

  // Chooses a file for a list, and sends it.
  async attach(list, name, mimeType, buffer) {
    const input = `[name="draft-file:${list}"]`
    await this.unfold(input)
    await this.page.setInputFiles(input, { name, mimeType, buffer })
    await this.button(`attach:${list}`)
  }

  async publish() {
    await this.button('preview')
    if (!this.page.url().endsWith('/preview')) {
      fault('preview', `is refused: ${await this.page.textContent('.faults').catch(() => this.page.url())}`)
    }
    await this.click('form[action$="/publish"] button')
    const id = this.page.url().split('/records/')[1]
    if (!id) fault('publish', `ends at ${this.page.url()}`)
    return id
  }

  async look(name) {
    const where = `${name}.${language}`
    const place = this.page.url()
    for (const [width, size] of [['narrow', NARROW], ['wide', WIDE]]) {
      await this.page.setViewportSize(size)
      await this.page.evaluate(() => document.fonts.ready)
      const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      if (wide > 0) fault(where, `is ${wide} px wider than ${size.width}`)
      const result = await this.page.evaluate(rules => window.axe.run(document, { runOnly: { type: 'tag', values: rules } }), RULES)
      for (const { id, help, nodes } of result.violations) fault(`${where}.${width}`, `axe ${id}: ${help}: ${nodes[0].html.slice(0, 160)}`)
      if (shots) await this.page.screenshot({ path: join(shots, `${where}.${width}.png`), fullPage: true })
    }
    if (this.page.url() !== place) fault(where, 'went elsewhere')
  }
}

async function someone(browser, base, javaScriptEnabled = true) {
  const context = await browser.newContext({ viewport: WIDE, locale: language, bypassCSP: true, javaScriptEnabled })
  await context.addInitScript(axe)
  const page = await context.newPage()
  page.on('pageerror', error => fault('script', error.message))
  return new Person(page, base)
}

// The first administrator of an office.
async function enter(browser, { link, office }) {
  const person = await someone(browser, office)
  await person.page.goto(link.replace('/ar/', `/${language}/`))
  await person.page.fill('#name', 'سعيد Said')
  await person.page.fill('#password', PASSWORD)
  await person.page.fill('#again', PASSWORD)
  await person.click('form.fields button')
  return person
}

// Somebody whom an administrator lets in.
async function letIn(browser, administrator, name, role) {
  await administrator.open('/office/people')
  await administrator.page.fill('#name', name)
  await administrator.click(`#new-${role}`)
  await administrator.click('section[aria-labelledby="add"] button')
  const link = await administrator.page.textContent('#handed')
  const person = await someone(browser, administrator.base)
  await person.page.goto(link)
  await person.page.fill('#password', PASSWORD)
  await person.page.fill('#again', PASSWORD)
  await person.click('form.fields button')
  return person
}

async function practice(person) {
  await person.open('/office')
  person.clicks = 0
  await person.click('main button[name="kind"][value="practice"]')
  await person.look('form-practice-empty')
  await person.write('title', own[0])
  await person.write('summary', own[1])
  await person.click('[name="principles"][value="transparency"]')
  await person.button('preview')
  await person.look('preview-practice')
  await person.click('form[action$="/publish"] button')
  await person.look('practice')
  if (!person.page.url().includes('/records/')) fault('practice', `ends at ${person.page.url()}`)
  if (person.clicks > MAX_CLICKS) fault('practice', `takes ${person.clicks} clicks`)
  console.log(`${language}: a practice is published in ${person.clicks} clicks`)
  await person.open('/office/drafts')
  await person.look('drafts')
  await person.open('/office/drafts/new')
  await person.look('kinds')
}

// Begins a draft of a kind, and returns its address.
async function begin(person, kind) {
  await person.open('/office/drafts/new')
  await person.click(`button[name="kind"][value="${kind}"]`)
  return person.page.url()
}

async function faultsBesideFields(person) {
  await begin(person, 'practice')
  await person.write('title', own[0])
  await person.button('add:results')
  await person.fill('[name="results[0].value"]', 'beaucoup')
  await person.fill('[name="period.start"]', 'hier')
  await person.button('check')
  await person.look('form-faults')
  const links = await person.page.$$eval('.faults a', links => links.map(link => link.hash.slice(1)))
  for (const id of links) {
    if (await person.page.locator(`[id="${id}"]`).count() !== 1) fault('faults', `#${id} leads nowhere`)
  }
  if (links.length < 5) fault('faults', `only ${links.length} are told`)
  await person.page.locator('.faults a').first().click()
  const focused = await person.page.evaluate(() => document.activeElement?.name ?? document.activeElement?.id)
  if (!focused) fault('faults', 'the keyboard does not go to the fault')
}

// Two tabs on one draft.
async function twoTabs(browser, person) {
  const address = await begin(person, 'practice')
  const tab = new Person(await person.page.context().newPage(), person.base)
  await tab.page.goto(address)
  await person.write('title', `${own[0]} 1`)
  await person.button('save')
  await tab.write('title', `${own[0]} 2`)
  await tab.button('save')
  await tab.look('conflict')
  const text = await tab.page.textContent('main')
  if (!text.includes(`${own[0]} 1`) || !text.includes(`${own[0]} 2`)) fault('two tabs', 'both texts are not shown')
  await tab.click('button[name="draft-do"][value="save"]')
  await tab.page.goto(address)
  if (await tab.page.inputValue(`[name="title.${language}"]`) !== `${own[0]} 2`) fault('two tabs', 'the chosen text is not kept')
  await tab.page.close()
}

// The connection is gone while somebody writes, and comes back.
async function offline(person) {
  const address = await begin(person, 'practice')
  const context = person.page.context()
  await person.write('title', `${own[0]} 3`)
  await person.page.waitForSelector('#saved.good')
  await context.setOffline(true)
  await person.write('summary', own[1])
  await person.page.waitForSelector('#saved.bad')
  await person.look('form-offline')
  await context.setOffline(false)
  await person.page.waitForSelector('#saved.good', { timeout: 20_000 })
  await person.page.goto(address)
  if (await person.page.inputValue(`[name="summary.${language}"]`) !== own[1]) fault('offline', 'the text is lost')
  // The node takes nothing, and the page is left before it does.
  await person.page.route(address, route => route.request().method() === 'POST' ? route.abort() : route.continue())
  await person.write('context', 'سياق contexte')
  await person.page.waitForSelector('#saved.bad')
  await person.page.goto('about:blank')
  await person.page.unroute(address)
  await person.page.goto(address)
  await person.page.waitForSelector('#saved.good', { timeout: 20_000 })
  await person.page.reload()
  if (await person.page.inputValue(`[name="context.${language}"]`) !== 'سياق contexte') fault('offline', 'what was left is lost')
}

// Everything by buttons alone.
async function withoutScript(browser, person) {
  const plain = await someone(browser, person.base, false)
  await plain.page.context().addCookies(await person.page.context().cookies())
  await begin(plain, 'practice')
  await plain.write('title', own[0])
  await plain.button('add:partners')
  await plain.write('partners[0].name', 'IDEV')
  await plain.button('add:partners')
  await plain.write('partners[1].name', 'ATIL')
  await plain.button('earlier:partners[1]')
  if (await plain.page.inputValue(`[name="partners[0].name.${language}"]`) !== 'ATIL') fault('without script', 'nothing was moved')
  await plain.button('remove:partners[1]')
  if (await plain.page.locator(`[name="partners[1].name.${language}"]`).count() > 0) fault('without script', 'nothing was taken away')
  await plain.write('summary', own[1])
  await plain.page.check('[name="principles"][value="participation"]')
  await plain.publish()
  await refusedFiles(person, plain)
  await plain.page.context().close()
}

// A practice without a mouse.
async function byKeyboard(person) {
  const { page } = person
  await begin(person, 'practice')
  const reach = async found => {
    for (let steps = 0; steps < 200; steps++) {
      if (await page.evaluate(found => document.activeElement?.matches(found), found)) return
      await page.keyboard.press('Tab')
    }
    fault('keyboard', `${found} is not reached`)
  }
  await reach(`[name="title.${language}"]`)
  await page.keyboard.type(own[0])
  await reach(`[name="summary.${language}"]`)
  await page.keyboard.type(own[1])
  await reach('[name="principles"][value="transparency"]')
  await page.keyboard.press('Space')
  await reach('.finish [value="preview"]')
  await Promise.all([page.waitForURL('**/preview'), page.keyboard.press('Enter')])
  await reach('form[action$="/publish"] button')
  await Promise.all([page.waitForURL('**/records/**'), page.keyboard.press('Enter')])
}

async function fourEyes(browser, administrator) {
  const clerk = await letIn(browser, administrator, 'أمينة Amina', 'author')
  await administrator.open('/office/settings')
  await administrator.page.check('[name="four_eyes"]')
  await administrator.click('form.fields button')
  const address = await begin(clerk, 'practice')
  await clerk.write('title', `${own[0]} 4`)
  await clerk.write('summary', own[1])
  await clerk.page.check('[name="principles"][value="transparency"]')
  await clerk.button('preview')
  await clerk.look('preview-ask')
  await clerk.click('form[action$="/ask"] button')
  await clerk.look('drafts-waiting')
  await clerk.page.goto(`${address}/preview`)
  if (await clerk.page.locator('form[action$="/publish"]').count() > 0) fault('four eyes', 'who wrote can publish')
  await administrator.open('/office/drafts')
  await administrator.look('drafts-for-you')
  await administrator.click('section[aria-labelledby="waiting"] h3 a')
  await administrator.look('preview-approve')
  await administrator.click('form[action$="/publish"] button')
  if (!administrator.page.url().includes('/records/')) fault('four eyes', `ends at ${administrator.page.url()}`)
  await begin(administrator, 'practice')
  await administrator.write('title', `${own[0]} 5`)
  await administrator.write('summary', own[1])
  await administrator.page.check('[name="principles"][value="transparency"]')
  await administrator.button('preview')
  if (await administrator.page.locator('form[action$="/publish"]').count() > 0) fault('four eyes', 'one person alone publishes')
  await administrator.open('/office/settings')
  await administrator.page.uncheck('[name="four_eyes"]')
  await administrator.click('form.fields button')
  await clerk.page.context().close()
}

// Waits until a record has come to the other node.
async function arrives(person, id) {
  const until = Date.now() + ARRIVES
  while ((await person.open(`/records/${id}`)).status() !== 200) {
    if (Date.now() > until) throw new Error(`${id} does not arrive`)
    await person.page.waitForTimeout(500)
  }
}

// From a record's page to a draft about it.
async function about(person, kind) {
  await person.click(`.acts form:has(input[value="${kind}"]) button`)
}

async function dialogue(asker, peer) {
  await begin(asker, 'challenge')
  await asker.write('title', 'كيف نستمع؟ Écouter')
  await asker.write('summary', own[1])
  await asker.write('sought', own[1])
  await asker.page.check('[name="principles"][value="participation"]')
  const challenge = await asker.publish()
  await arrives(peer, challenge)
  await peer.look('acts')
  peer.clicks = 0
  await about(peer, 'practice')
  await peer.write('title', 'عتبات Seuils')
  await peer.write('summary', own[1])
  await peer.page.check('[name="principles"][value="participation"]')
  const answer = await peer.publish()
  console.log(`${language}: a challenge is answered in ${peer.clicks} clicks`)
  await arrives(asker, answer)
  asker.clicks = 0
  await about(asker, 'adoption')
  await asker.select('state', 'planned')
  await asker.look('form-adoption')
  const adoption = await asker.publish()
  console.log(`${language}: a practice is taken up in ${asker.clicks} clicks`)
  await asker.click('.acts button[name="revises"]')
  await asker.select('state', 'adopted')
  await asker.button('add:results')
  await asker.write('results[0].indicator', 'الحضور Présents')
  await asker.fill('[name="results[0].value"]', '٤٤')
  const reported = await asker.publish()
  if (!await asker.page.getByText('44').first().isVisible()) fault('dialogue', 'the figure is not shown')
  await arrives(peer, reported)
  await about(peer, 'reply')
  await peer.write('text', 'شكرا Merci')
  await peer.publish()
  return adoption
}

// Whether the picture of a record is seen.
async function shown(person) {
  const picture = person.page.locator('.files img')
  if (await picture.count() !== 1) return false
  await picture.scrollIntoViewIfNeeded()
  await person.page.waitForFunction(() => document.querySelector('.files img').complete)
  return await picture.evaluate(picture => picture.naturalWidth) === 24
}

// Files that are not taken, with the script and without.
async function refusedFiles(person, plain) {
  const large = Buffer.alloc(21 * 1024 * 1024, 'a')
  for (const who of [person, plain]) {
    await begin(who, 'practice')
    await who.write('title', own[0])
    await who.attach('attachments', 'plan.svg', 'image/svg+xml', SVG)
    // A page without scripts runs no axe either.
    if (who === person) await who.look('file-refused')
    if (await who.page.locator('.faults li').count() !== 1) fault('files', 'an SVG with a script is not refused')
    if (await who.page.inputValue(`[name="title.${language}"]`) !== own[0]) fault('files', 'what was typed beside a refused file is lost')
  }
  await person.unfold('[name="draft-file:attachments"]')
  await person.page.setInputFiles('[name="draft-file:attachments"]', { name: 'a.txt', mimeType: 'text/plain', buffer: large })
  await person.look('file-large')
  if (!await person.page.locator('.attach [role=status]').textContent()) fault('files', 'the script does not tell that a file is too large')
  if (await person.page.inputValue('[name="draft-file:attachments"]')) fault('files', 'a file that is too large stays chosen')
  await plain.write('summary', own[1])
  await plain.attach('attachments', 'a.txt', 'text/plain', large)
  if (!await plain.page.getByText('20').first().isVisible()) fault('files', 'the bound is not told')
  await plain.page.goBack()
  if (await plain.page.inputValue(`[name="summary.${language}"]`) !== own[1]) fault('files', 'what was typed is lost where a file was too large')
}

async function plan(owner, evaluator) {
  await begin(owner, 'plan')
  await owner.write('title', 'برنامج Programme')
  await owner.write('summary', own[1])
  await owner.page.check('[name="principles"][value="participation"]')
  await owner.button('add:commitments')
  await owner.write('commitments[0].title', 'التزام Engagement')
  await owner.button('add:commitments[0].milestones')
  await owner.write('commitments[0].milestones[0].title', 'مرحلة Jalon')
  await owner.fill('[name="commitments[0].milestones[0].end"]', '31/12/2027')
  await owner.look('form-plan')
  const id = await owner.publish()
  await about(owner, 'proposal')
  await owner.write('title', 'فكرة Idée')
  await owner.write('summary', own[1])
  await owner.page.check('[name="principles"][value="participation"]')
  await owner.select('became.state', 'pending')
  const idea = await owner.publish()
  await owner.click('.acts button[name="revises"]')
  await owner.select('became.state', 'commitment')
  await owner.fill('#f-became-plan-words', new URL(`/${language}/records/${id}`, owner.base).href)
  await owner.button('find:became.plan')
  await owner.select('became.commitment', 'c1')
  await owner.look('form-proposal')
  await owner.publish()
  if (!idea) return
  await owner.open(`/records/${id}`)
  owner.clicks = 0
  await about(owner, 'progress')
  await owner.select('commitment', 'c1')
  await owner.button('save')
  await owner.select('milestones[0].milestone', 'm1')
  await owner.select('milestones[0].status', 'complete')
  await owner.attach('milestones[0].attachments', 'قاعة salle.png', 'image/png', PICTURE)
  await owner.page.waitForURL(url => url.hash.endsWith('-alt'))
  await owner.page.waitForFunction(() => document.activeElement?.name?.includes('.alt.'), null, { timeout: 5_000 }).catch(() => {})
  const focused = await owner.page.evaluate(() => document.activeElement?.name)
  if (!focused?.startsWith('milestones[0].attachments[0].alt.')) fault('evidence', `the keyboard is at ${focused}, not where the file is described`)
  await owner.write('milestones[0].attachments[0].alt', 'القاعة La salle')
  await owner.look('form-progress')
  await owner.button('preview')
  await owner.look('preview-progress')
  await owner.click('form[action$="/publish"] button')
  const report = owner.page.url().split('/records/')[1]
  console.log(`${language}: a milestone is reported complete, with evidence, in ${owner.clicks} clicks`)
  await owner.look('progress')
  if (!await shown(owner)) fault('evidence', 'the picture is not shown where it is held')
  await arrives(evaluator, report)
  await evaluator.look('progress-elsewhere')
  if (await evaluator.page.locator('.files img').count() > 0) fault('evidence', 'the picture is shown before anybody asked for it')
  if (!await evaluator.page.getByText('القاعة La salle').isVisible()) fault('evidence', 'what the picture shows is not said')
  // It leads to the picture itself, once that has come.
  await evaluator.click('.files a.button')
  if (!evaluator.page.url().includes('/api/v1/attachments/')) {
    await evaluator.look('evidence-refused')
    fault('evidence', `asking for the picture ends at ${evaluator.page.url()}`)
  }
  await evaluator.open(`/records/${report}`)
  await evaluator.look('progress-fetched')
  if (!await shown(evaluator)) fault('evidence', 'the picture is not shown after it has come')
  await arrives(evaluator, id)
  evaluator.clicks = 0
  await about(evaluator, 'evaluation')
  await evaluator.write('summary', own[1])
  await evaluator.select('completion', 'substantial')
  await evaluator.look('form-evaluation')
  await evaluator.publish()
  console.log(`${language}: a plan is judged in ${evaluator.clicks} clicks`)
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none'],
})
try {
  if (shots) mkdirSync(shots, { recursive: true })
  const here = await enter(browser, first)
  const there = await enter(browser, second)
  await practice(here)
  await faultsBesideFields(here)
  await twoTabs(browser, here)
  await offline(here)
  await withoutScript(browser, here)
  await byKeyboard(here)
  await dialogue(here, there)
  await plan(here, there)
  await fourEyes(browser, here)
} catch (error) {
  fault('a journey ended', error.stack)
} finally {
  await browser.close()
}
faults.forEach(text => console.error(text))
console.log(faults.length === 0 ? `${language}: what people write is sound` : `${faults.length} faults`)
process.exit(faults.length === 0 ? 0 : 1)
