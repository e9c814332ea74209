// Saves a draft while it is written, and tells so. Without this script everything works by its buttons.
//
// What is typed is kept in this browser until the node has it, so that a lost connection or a stopped node loses
// nothing; it is taken away when the node has said that it is saved.
(() => {
  'use strict'
  const form = document.getElementById('draft')
  if (!form) return
  const PAUSE = 1500
  const AGAIN = 5000
  const told = document.getElementById('saved')
  const { draft, gone, kept, restored, saving } = form.dataset
  const key = `multaqa-draft-${draft}`
  const version = form.elements['draft-version']
  let timer
  let isSending = false
  let isChanged = false
  let isStopped = false
  let pressed

  const tell = (text, state) => { told.textContent = text; told.className = state }
  // A file cannot be kept here, nor is it sent before its button says so.
  const typed = () => [...new FormData(form)].filter(([, value]) => typeof value === 'string')
  const values = () => typed().filter(([name]) => name !== 'draft-version')
  // Whether a button sent it: then a newer version is what became of it.
  const remember = (isSent = false) => {
    try { localStorage.setItem(key, JSON.stringify({ version: version.value, isSent, values: values() })) } catch { /* it is full or not allowed: the node has the rest */ }
  }
  const forget = () => { try { localStorage.removeItem(key) } catch { /* as above */ } }

  async function save() {
    if (isSending || isStopped) return
    isSending = true
    isChanged = false
    tell(saving, '')
    const body = new URLSearchParams(typed())
    body.set('draft-do', 'autosave')
    try {
      const answer = await fetch(form.action, { method: 'POST', body, headers: { accept: 'application/json' }, redirect: 'error' })
      const { saved, version: now, text } = await answer.json()
      if (saved) {
        version.value = now
        if (!isChanged) forget(); else remember()
        tell(`✓ ${text}`, 'good')
      } else if (text) {
        // Somebody else has changed it: the button shows both and lets choose.
        isStopped = true
        tell(text, 'bad')
      } else {
        throw new Error(answer.statusText)
      }
    } catch {
      tell(`${gone} ${kept}`, 'bad')
      later(AGAIN)
    }
    isSending = false
    if (pressed) form.requestSubmit(pressed)
    else if (isChanged) later(PAUSE)
  }

  function later(pause) {
    clearTimeout(timer)
    timer = setTimeout(save, pause)
  }

  form.addEventListener('input', ({ target }) => {
    if (target.type === 'file') return
    isChanged = true
    remember()
    later(PAUSE)
  })
  form.addEventListener('submit', event => {
    // What is being saved has to be answered first, or the button would come from an older version.
    if (isSending) {
      event.preventDefault()
      pressed = event.submitter
      return
    }
    isStopped = true
    clearTimeout(timer)
    remember(true)
  })
  // One that is too large is told before it is sent, and not sent.
  form.addEventListener('change', ({ target }) => {
    if (target.type !== 'file') return
    const isTooLarge = [...target.files].some(file => file.size > Number(target.dataset.most))
    target.closest('.attach').querySelector('[role=status]').textContent = isTooLarge ? target.dataset.large : ''
    if (isTooLarge) target.value = ''
  })
  window.addEventListener('online', () => { if (isChanged || localStorage.getItem(key)) later(0) })

  // What a lost connection or a closed browser left unsaved.
  function restore() {
    let left
    try { left = JSON.parse(localStorage.getItem(key)) } catch { return }
    if (!left) return
    const now = JSON.stringify(values())
    if (JSON.stringify(left.values) === now || left.isSent && left.version !== version.value) return forget()
    const byName = new Map()
    for (const [name, value] of left.values) byName.set(name, [...byName.get(name) ?? [], value])
    for (const input of form.elements) {
      if (!input.name || ['hidden', 'submit', 'file'].includes(input.type)) continue
      const wanted = byName.get(input.name) ?? []
      if (input.type === 'checkbox') input.checked = wanted.includes(input.value)
      else if (wanted.length) input.value = wanted[0]
      else input.value = ''
    }
    // From the version on which it was written: the node says if somebody has changed the draft since.
    version.value = left.version
    tell(restored, '')
    later(0)
  }

  restore()

  // The keyboard goes on where a button or a link brought the page.
  function arrive() {
    const place = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)))
    if (place) {
      for (let inside = place.closest('details'); inside; inside = inside.parentElement.closest('details')) inside.open = true
      const first = place.matches('input, select, textarea, button') ? place : place.querySelector('input:not([type=hidden]), select, textarea')
      ;(first ?? place).focus()
      place.scrollIntoView({ block: 'start' })
    }
  }
  window.addEventListener('hashchange', arrive)
  // When a page has come, the browser goes to the place by itself; from there the way leads to its first field, unless
  // somebody went elsewhere meanwhile.
  window.addEventListener('load', () => setTimeout(() => {
    if (document.activeElement === document.body || document.activeElement.id === decodeURIComponent(location.hash.slice(1))) arrive()
  }))
})()
