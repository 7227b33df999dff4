/* The deposit page: from the first file that is chosen to the receipt. It comes last. */
(function () {
  'use strict';

  var byId = window.carelink.byId;
  var fill = window.carelink.fill;
  var announce = window.carelink.announce;
  var told = window.carelink.told;
  var old = !window.FormData || !window.FileReader || !('content' in document.createElement('template'));
  if (!byId('deposit') || !told.files || old) return;

  var t = told.texts;
  var form = byId('deposit');
  var finish = byId('finish');
  var send = byId('send');
  var stopped = byId('stopped');
  var had = !finish.hidden; // files had arrived before this page
  var lock = null;

  // What the parts of this page share.
  var page = {
    texts: t,
    csrf: form.elements.csrf ? form.elements.csrf.value : '',
    items: [],
    sending: false,
    over: false, // the deposit can take nothing more
    of: of,
    room: room,
    say: say,
    stop: stop,
    refresh: refresh,
    wire: wire,
    next: next,
    end: end,
    attempt: null // transfer.js
  };

  byId('file').disabled = true;
  byId('basic').hidden = true;
  byId('wait').hidden = true;
  byId('enhanced').hidden = false;
  // Where there is no touch there is no camera to hold over a paper: one button, the main one.
  var main = byId('camera');
  if (window.matchMedia && !matchMedia('(any-pointer: coarse)').matches) {
    main.hidden = true;
    main = byId('choose');
  }
  window.carelink.transfer(page);
  window.carelink.list(page);
  refresh();

  function wire(name, add) {
    var input = byId(name + '-input');
    byId(name).addEventListener('click', function () { input.click(); });
    input.addEventListener('change', function () { add([].slice.call(input.files)); input.value = ''; });
  }

  function of(state) { return page.items.filter(function (item) { return item.state === state; }); }

  function room() { return told.left - page.items.length + of('refused').length; }

  // `tone` is said by an icon and the words as well as by a colour.
  function say(item, text, tone) {
    item.li.className = 'file ' + (tone || '');
    item.li.querySelector('.words').textContent = text;
  }

  function stop(text, focus) {
    stopped.hidden = !text;
    stopped.querySelector('p').textContent = text;
    if (text && focus) stopped.focus();
  }

  function refresh() {
    var ready = of('ready').length;
    var received = of('received').length;
    send.hidden = page.over || (!ready && !page.sending);
    // Not `disabled`: the focus must not be lost while sending.
    send.setAttribute('aria-disabled', String(page.sending));
    send.textContent = page.sending ? t.sending : fill(ready > 1 ? t.send_many : t.send_one, { n: ready });
    main.classList.toggle('quiet', ready > 0); // one main button at a time
    main.parentNode.hidden = page.over || page.sending;
    byId('camera').disabled = byId('choose').disabled = page.over || page.sending || room() <= 0;
    byId('to-send').hidden = !page.items.length;
    finish.hidden = page.sending || !(received || had);
  }

  /* -- sending -- */

  form.addEventListener('submit', function (event) {
    event.preventDefault();
    if (page.sending || page.over) return;
    if (of('blocked').length) return stop(t.blocked, true);
    if (of('preparing').length || !of('ready').length) return;
    stop('');
    begin();
    next();
  });

  function begin() {
    page.sending = true;
    page.items.forEach(function (item) { item.remove.hidden = true; });
    window.addEventListener('beforeunload', warn);
    wake();
    refresh();
  }

  function end() {
    page.sending = false;
    window.removeEventListener('beforeunload', warn);
    if (lock) { lock.release().catch(function () {}); lock = null; }
    page.items.forEach(function (item) { item.remove.hidden = item.state === 'received' || page.over; });
    refresh();
  }

  function warn(event) { event.preventDefault(); event.returnValue = t.leave; return t.leave; }

  // A phone that locks its screen stops the transfer: ask it to wait, where it can be asked.
  function wake() {
    if (!page.sending || lock || document.hidden || !navigator.wakeLock) return;
    navigator.wakeLock.request('screen').then(function (held) {
      if (!page.sending) return held.release();
      lock = held;
      held.addEventListener('release', function () { lock = null; });
    }).catch(function () {});
  }
  document.addEventListener('visibilitychange', wake);

  function next() {
    var item = of('ready')[0];
    if (item) { item.tries = 0; item.quarter = 0; return page.attempt(item); }
    done();
  }

  function done() {
    var refused = of('refused');
    if (!refused.length && of('received').length) return close(0);
    end();
    stop(refused.length === 1 && page.items.length === 1 ? refused[0].why : t.some_refused, true);
  }

  /* -- the end -- */

  function close(tries) {
    announce(t.closing);
    send.textContent = t.closing;
    var xhr = new XMLHttpRequest();
    xhr.open('POST', told.close);
    xhr.timeout = 30000;
    xhr.setRequestHeader('Accept', 'application/json');
    xhr.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
    xhr.setRequestHeader('X-CSRF-Token', page.csrf);
    xhr.onerror = xhr.ontimeout = lost;
    xhr.onload = function () {
      var answer = window.carelink.answer(xhr);
      if (/^\/d\/[a-z0-9-]+\/r\//.test(answer.receipt)) return leave(answer.receipt);
      if (window.carelink.passing(xhr.status, answer.kind) || xhr.status < 300) return lost();
      end();
      stop(answer.message || t.close_failed, true);
    };
    xhr.send('csrf=' + encodeURIComponent(page.csrf));
    function lost() {
      if (tries < 4) return setTimeout(function () { close(tries + 1); }, window.carelink.DELAYS[tries] * 1000);
      end();
      stop(t.close_failed, true);
    }
  }

  function leave(address) {
    window.carelink.files.forgetKeys();
    window.removeEventListener('beforeunload', warn);
    location.assign(address);
  }
})();
