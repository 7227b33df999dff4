/* The patient's pages work without this file. With it: camera and file buttons, thumbnails, checks before sending,
   true progress, retries that can't duplicate a file, and a receipt that stays up to date.
   ES2017, no dependency. Texts, limits and addresses come from the page (#told); nothing is translated here.
   Floor: Safari of iOS 12, Chrome 70. */
(function () {
  'use strict';

  var TYPES = ['image/jpeg', 'image/png', 'application/pdf'];
  var DELAYS = [2, 4, 8, 15, 30, 30, 30]; // seconds before each automatic new attempt
  var STALL = 45000; // no byte has left for this long: the network is gone, even if nobody says so
  var ANSWER = 120000; // everything has left, no answer
  var POLL = 30000;

  function byId(id) { return document.getElementById(id); }

  var told = {};
  try { told = JSON.parse(byId('told').textContent); } catch (e) { told = {}; }

  var problem = byId('problem');
  if (problem) problem.focus();

  // A page from the back-forward cache may show a state that is no longer true.
  window.addEventListener('pageshow', function (event) { if (event.persisted) location.reload(); });

  function announce(text) { var live = byId('live'); if (live) live.textContent = text; }

  if (byId('deposit') && told.files && window.FormData && window.FileReader && 'content' in document.createElement('template')) deposit();
  if (byId('states')) receipt();

  /* ---- the receipt ---- */

  function receipt() {
    var last = Date.now();
    var busy = false;
    function final() { return byId('states').hasAttribute('data-final'); }
    function files(states) { return states.querySelector('.receipts').innerHTML; }
    function read() {
      if (busy || document.hidden || final()) return;
      busy = true;
      last = Date.now();
      fetch(location.pathname, { credentials: 'same-origin', headers: { 'X-Background': '1' } }).then(function (answer) {
        return answer.ok ? answer.text() : '';
      }).then(function (html) {
        busy = false;
        var fresh = html && new DOMParser().parseFromString(html, 'text/html').getElementById('states');
        if (!fresh) return;
        var states = byId('states');
        var changed = files(states) !== files(fresh);
        if (!changed && states.contains(document.activeElement)) return;
        states.parentNode.replaceChild(document.adoptNode(fresh), states);
        if (!changed) return;
        var titles = [].map.call(fresh.querySelectorAll('.receipts h3'), function (h) { return h.textContent; });
        announce(fill(told.state_changed, { name: titles.join(', ') }));
      }).catch(function () { busy = false; }); // the next turn tries again
    }
    setInterval(read, POLL);
    document.addEventListener('visibilitychange', function () { if (Date.now() - last > POLL) read(); });
  }

  /* ---- words ---- */

  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, function (whole, key) { return key in values ? values[key] : whole; });
  }

  function size(bytes) {
    var unit = bytes >= 1e6 ? 1e6 : 1e3;
    var value = bytes / unit;
    var text = value >= 10 || unit === 1e3 ? String(Math.ceil(value)) : (Math.ceil(value * 10) / 10).toFixed(1);
    return text.replace('.', told.decimal) + '\u00a0' + (unit === 1e6 ? told.megabytes : told.kilobytes);
  }

  /* ---- one key per file, kept over a reload: the same file is never received twice ---- */

  function uuid() {
    var b = crypto.getRandomValues(new Uint8Array(16));
    b[6] = b[6] & 15 | 64;
    b[8] = b[8] & 63 | 128;
    return [].map.call(b, function (n) { return (n + 256).toString(16).slice(1); }).join('')
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }

  var STORE = 'deposit:' + told.scope;
  var keys = {};
  try { keys = JSON.parse(sessionStorage.getItem(STORE)) || {}; } catch (e) { keys = {}; }
  function saveKeys() { try { sessionStorage.setItem(STORE, JSON.stringify(keys)); } catch (e) { /* memory is enough */ } }
  function keyOf(mark) { if (!keys[mark]) { keys[mark] = uuid(); saveKeys(); } return keys[mark]; }
  function dropKey(mark) { delete keys[mark]; saveKeys(); }

  /* ---- files ---- */

  // The type by content: what the server will decide, before anything is sent.
  function sniff(blob) {
    return new Promise(function (resolve, reject) {
      var reader = new FileReader();
      reader.onerror = reject;
      reader.onload = function () {
        var b = new Uint8Array(reader.result);
        if (b[0] === 0xff && b[1] === 0xd8 && b[2] === 0xff) return resolve(TYPES[0]);
        if (b[0] === 0x89 && b[1] === 0x50 && b[2] === 0x4e && b[3] === 0x47) return resolve(TYPES[1]);
        var head = String.fromCharCode.apply(null, b);
        resolve(head.indexOf('%PDF-') >= 0 ? TYPES[2] : '');
      };
      reader.readAsArrayBuffer(blob.slice(0, 1024));
    });
  }

  // A smaller JPEG of a picture, upright (browsers apply the EXIF orientation when they draw an <img>).
  function redraw(blob, limit) {
    return new Promise(function (resolve, reject) {
      var url = URL.createObjectURL(blob);
      var image = new Image();
      image.onerror = function () { URL.revokeObjectURL(url); reject(new Error('image')); };
      image.onload = function () {
        var sides = [2600, 2000, 1600, 1200];
        (function next() {
          var side = sides.shift();
          if (!side) { URL.revokeObjectURL(url); return reject(new Error('size')); }
          var scale = Math.min(1, side / Math.max(image.naturalWidth, image.naturalHeight));
          var canvas = document.createElement('canvas');
          canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
          canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
          var pen = canvas.getContext('2d');
          pen.fillStyle = '#fff'; // a transparent picture has paper behind it
          pen.fillRect(0, 0, canvas.width, canvas.height);
          pen.drawImage(image, 0, 0, canvas.width, canvas.height);
          canvas.toBlob(function (small) {
            canvas.width = canvas.height = 0; // old phones keep the memory otherwise
            if (!small || small.size > limit) return next();
            URL.revokeObjectURL(url);
            resolve(small);
          }, 'image/jpeg', 0.85);
        })();
      };
      image.src = url;
    });
  }

  /* ---- the deposit ---- */

  function deposit() {
    var t = told.texts;
    var form = byId('deposit');
    var finish = byId('finish');
    var list = byId('files');
    var send = byId('send');
    var stopped = byId('stopped');
    var csrf = form.elements.csrf ? form.elements.csrf.value : '';
    var items = [];
    var had = !finish.hidden; // files had arrived before this page
    var sending = false;
    var over = false; // the deposit can take nothing more
    var lock = null;

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
    wire('camera');
    wire('choose');
    refresh();

    function wire(name) {
      var input = byId(name + '-input');
      byId(name).addEventListener('click', function () { input.click(); });
      input.addEventListener('change', function () { add([].slice.call(input.files)); input.value = ''; });
    }

    function of(state) { return items.filter(function (item) { return item.state === state; }); }

    function stop(text, focus) {
      stopped.hidden = !text;
      stopped.querySelector('p').textContent = text;
      if (text && focus) stopped.focus();
    }

    function refresh() {
      var ready = of('ready').length;
      var received = of('received').length;
      var room = told.left - items.length + of('refused').length > 0;
      send.hidden = over || (!ready && !sending);
      // Not `disabled`: the focus must not be lost while sending.
      send.setAttribute('aria-disabled', String(sending));
      send.textContent = sending ? t.sending : fill(ready > 1 ? t.send_many : t.send_one, { n: ready });
      main.classList.toggle('quiet', ready > 0); // one main button at a time
      main.parentNode.hidden = over || sending;
      byId('camera').disabled = byId('choose').disabled = over || sending || !room;
      byId('to-send').hidden = !items.length;
      finish.hidden = sending || !(received || had);
    }

    /* -- choosing -- */

    function add(files) {
      var added = 0;
      var trouble = '';
      var room = told.left - items.length + of('refused').length;
      files.forEach(function (file) {
        var mark = [file.name, file.size, file.lastModified].join('|');
        if (items.some(function (item) { return item.mark === mark && item.state !== 'refused'; })) trouble = t.duplicate;
        else if (added >= room) trouble = fill(t.too_many, { n: Math.max(0, room) });
        else { added += 1; row(file, mark); }
      });
      stop(trouble);
      if (added) announce(fill(t.added, { n: added }));
      refresh();
    }

    function row(file, mark) {
      var li = document.importNode(byId('row').content, true).querySelector('li');
      var item = { name: file.name || 'document', mark: mark, blob: file, li: li, tries: 0, state: 'preparing' };
      items.push(item);
      list.appendChild(li);
      li.querySelector('.file-name').textContent = item.name;
      act(item, 'remove', t.remove, function () { remove(item); });
      act(item, 'reduce', t.reduce, function () { reduce(item); });
      act(item, 'retry', t.retry, function () { attempt(item); });
      say(item, t.preparing);
      sniff(file).catch(function () { return ''; }).then(function (type) { prepare(item, type); });
    }

    function act(item, name, text, then) {
      var button = item.li.querySelector('[data-act=' + name + ']');
      button.textContent = text;
      button.setAttribute('aria-label', text + ' ' + item.name);
      button.addEventListener('click', then);
      item[name] = button;
    }

    // `tone` is said by an icon and the words as well as by a colour.
    function say(item, text, tone) {
      item.li.className = 'file ' + (tone || '');
      item.li.querySelector('.words').textContent = text;
    }

    function block(item, text) { item.state = 'blocked'; say(item, text, 'is-bad'); announce(item.name + '. ' + text); refresh(); }

    function ready(item, text) {
      item.state = 'ready';
      item.reduce.hidden = true;
      say(item, text || fill(t.waiting, { size: size(item.blob.size) }));
      refresh();
    }

    function prepare(item, type) {
      if (items.indexOf(item) < 0) return; // removed meanwhile
      if (!item.blob.size) return block(item, t.empty);
      item.type = type;
      if (type && type !== TYPES[2]) thumbnail(item);
      if (!type && (/^image\//.test(item.blob.type) || /\.(heic|heif|webp|gif|bmp|avif)$/i.test(item.name))) {
        // A picture of another kind: a JPEG of it will do, where this browser can read it.
        return redraw(item.blob, told.max_bytes).then(function (small) { replace(item, small); ready(item); },
          function () { block(item, t.unknown_type); });
      }
      if (!type) return block(item, t.unknown_type);
      if (item.blob.size <= told.max_bytes) return ready(item);
      var photo = type !== TYPES[2];
      item.reduce.hidden = !photo;
      block(item, fill(photo ? t.too_large_photo : t.too_large, { size: size(item.blob.size), limit: size(told.max_bytes) }));
    }

    function replace(item, small) {
      item.blob = small;
      item.type = TYPES[0];
      item.name = item.name.replace(/\.\w+$/, '') + '.jpg';
      thumbnail(item);
    }

    function reduce(item) {
      item.state = 'preparing';
      item.reduce.hidden = true;
      say(item, t.preparing);
      redraw(item.blob, told.max_bytes).then(function (small) {
        replace(item, small);
        ready(item, fill(t.reduced, { size: size(small.size) }));
        announce(fill(t.reduced, { size: size(small.size) }));
        item.remove.focus();
        stop('');
      }, function () { block(item, t.reduce_failed); item.remove.focus(); });
    }

    function thumbnail(item) {
      var image = new Image();
      var url = URL.createObjectURL(item.blob);
      image.alt = '';
      image.onload = function () {
        var frame = item.li.querySelector('.thumb');
        frame.textContent = '';
        frame.appendChild(image);
      };
      image.src = url;
      if (item.url) URL.revokeObjectURL(item.url);
      item.url = url;
    }

    function remove(item) {
      var at = items.indexOf(item);
      dropKey(item.mark);
      if (item.url) URL.revokeObjectURL(item.url);
      items.splice(at, 1);
      list.removeChild(item.li);
      announce(fill(t.removed, { name: item.name }));
      stop('');
      refresh();
      var next = items[at] || items[at - 1];
      if (next && !next.remove.hidden) next.remove.focus();
      else byId('choose').focus();
    }

    /* -- sending -- */

    form.addEventListener('submit', function (event) {
      event.preventDefault();
      if (sending || over) return;
      if (of('blocked').length) return stop(t.blocked, true);
      if (of('preparing').length || !of('ready').length) return;
      stop('');
      begin();
      next();
    });

    function begin() {
      sending = true;
      items.forEach(function (item) { item.remove.hidden = true; });
      window.addEventListener('beforeunload', warn);
      wake();
      refresh();
    }

    function end() {
      sending = false;
      window.removeEventListener('beforeunload', warn);
      if (lock) { lock.release().catch(function () {}); lock = null; }
      items.forEach(function (item) { item.remove.hidden = item.state === 'received' || over; });
      refresh();
    }

    function warn(event) { event.preventDefault(); event.returnValue = t.leave; return t.leave; }

    // A phone that locks its screen stops the transfer: ask it to wait, where it can be asked.
    function wake() {
      if (!sending || lock || document.hidden || !navigator.wakeLock) return;
      navigator.wakeLock.request('screen').then(function (held) {
        if (!sending) return held.release();
        lock = held;
        held.addEventListener('release', function () { lock = null; });
      }).catch(function () {});
    }
    document.addEventListener('visibilitychange', wake);

    function next() {
      var item = of('ready')[0];
      if (item) { item.tries = 0; item.quarter = 0; return attempt(item); }
      done();
    }

    function done() {
      var refused = of('refused').length;
      if (!refused && of('received').length) return close(0);
      end();
      stop(refused === 1 && items.length === 1 ? of('refused')[0].why : t.some_refused, true);
    }

    function progress(item, value) {
      var bar = item.li.querySelector('progress');
      bar.hidden = value === null;
      if (value === null) return;
      bar.value = value;
      bar.setAttribute('aria-label', item.name);
    }

    // One transfer of one file. The same key goes with every attempt, so that an answer that got lost costs nothing.
    function attempt(item) {
      if (item.state === 'sending') return;
      clearInterval(item.clock);
      item.retry.hidden = true;
      item.state = 'sending';
      var xhr = new XMLHttpRequest();
      var watch = 0;
      var ended = false;
      function alive(limit) { clearTimeout(watch); watch = setTimeout(function () { xhr.abort(); lost(0); }, limit); }
      function lost(after) { if (ended) return; ended = true; clearTimeout(watch); again(item, after); }
      xhr.open('POST', told.files);
      xhr.setRequestHeader('Content-Type', item.type);
      xhr.setRequestHeader('Accept', 'application/json');
      xhr.setRequestHeader('X-CSRF-Token', csrf);
      xhr.setRequestHeader('X-Idempotency-Key', keyOf(item.mark));
      xhr.setRequestHeader('X-File-Name', encodeURIComponent(item.name));
      xhr.upload.onprogress = function (event) {
        alive(STALL);
        var part = event.lengthComputable ? event.loaded / event.total : 0;
        var percent = Math.min(99, Math.floor(part * 100));
        progress(item, percent);
        say(item, fill(t.progress, { n: percent, done: size(event.loaded), size: size(item.blob.size) }));
        var quarter = Math.floor(percent / 25);
        if (quarter > item.quarter) { item.quarter = quarter; announce(fill(t.announce, { name: item.name, n: quarter * 25 })); }
      };
      xhr.upload.onload = function () { alive(ANSWER); progress(item, 99); say(item, t.almost); };
      xhr.onerror = xhr.onabort = function () { lost(0); };
      xhr.onload = function () {
        if (ended) return;
        var answer = {};
        try { answer = JSON.parse(xhr.responseText) || {}; } catch (e) { answer = {}; }
        var ok = xhr.status >= 200 && xhr.status < 300;
        // A page instead of JSON, even with 200, is somebody else's answer (a hotel's portal, a proxy): not received.
        if ((ok && answer.state !== 'received') || passing(xhr.status, answer.kind)) return lost(wait(xhr));
        ended = true;
        clearTimeout(watch);
        progress(item, null);
        if (ok) received(item);
        else refused(item, answer);
      };
      alive(STALL);
      progress(item, 0);
      say(item, fill(t.progress, { n: 0, done: size(0), size: size(item.blob.size) }));
      xhr.send(item.blob);
    }

    // Is it worth another attempt, unchanged?
    function passing(status, kind) {
      if (kind) return ['interrupted', 'unavailable', 'too_many_attempts'].indexOf(kind) >= 0;
      return !status || status === 408 || status === 425 || status === 429 || status >= 500;
    }

    function wait(xhr) { return Math.min(600, parseInt(xhr.getResponseHeader('Retry-After'), 10) || 0); }

    function received(item) {
      item.state = 'received';
      say(item, t.received, 'is-ok');
      announce(item.name + '. ' + t.received);
      next();
    }

    function refused(item, answer) {
      item.state = 'refused';
      item.why = answer.message || t.refused;
      dropKey(item.mark);
      say(item, item.why, 'is-bad');
      if (answer.kind === 'code_no_longer_valid' || answer.kind === 'session_expired') {
        over = answer.kind === 'code_no_longer_valid';
        of('ready').forEach(function (other) { say(other, item.why, 'is-bad'); other.state = 'refused'; });
        end();
        return stop(item.why, true);
      }
      next();
    }

    // After a cut: count down, try again; whoever touches the button or brings the network back goes first.
    function again(item, after) {
      item.state = 'cut';
      progress(item, null);
      item.retry.hidden = false;
      var delay = Math.max(after, DELAYS[item.tries] || 0);
      item.tries += 1;
      if (navigator.onLine === false) { say(item, t.offline, 'is-bad'); return announce(t.offline); }
      if (!delay) { say(item, t.stopped, 'is-bad'); return stop(t.stopped); }
      announce(fill(t.retry_in, { n: delay }));
      item.clock = setInterval(tick, 1000);
      tick();
      function tick() {
        if (delay <= 0) return attempt(item);
        say(item, fill(t.retry_in, { n: delay }), 'is-bad');
        delay -= 1;
      }
    }

    function resume() {
      if (navigator.onLine === false) return;
      of('cut').forEach(function (item) { item.tries = 0; stop(''); attempt(item); });
    }
    window.addEventListener('online', resume);
    document.addEventListener('visibilitychange', function () { if (!document.hidden) resume(); });

    /* -- the end -- */

    function close(tries) {
      announce(t.closing);
      send.textContent = t.closing;
      var xhr = new XMLHttpRequest();
      xhr.open('POST', told.close);
      xhr.timeout = 30000;
      xhr.setRequestHeader('Accept', 'application/json');
      xhr.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
      xhr.setRequestHeader('X-CSRF-Token', csrf);
      xhr.onerror = xhr.ontimeout = lost;
      xhr.onload = function () {
        var answer = {};
        try { answer = JSON.parse(xhr.responseText) || {}; } catch (e) { answer = {}; }
        if (/^\/d\/[a-z0-9-]+\/r\//.test(answer.receipt)) return leave(answer.receipt);
        if (passing(xhr.status, answer.kind) || xhr.status < 300) return lost();
        end();
        stop(answer.message || t.close_failed, true);
      };
      xhr.send('csrf=' + encodeURIComponent(csrf));
      function lost() {
        if (tries < 4) return setTimeout(function () { close(tries + 1); }, DELAYS[tries] * 1000);
        end();
        stop(t.close_failed, true);
      }
    }

    function leave(address) {
      try { sessionStorage.removeItem(STORE); } catch (e) { /* nothing was kept */ }
      window.removeEventListener('beforeunload', warn);
      location.assign(address);
    }
  }
})();
