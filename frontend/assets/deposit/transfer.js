/* One transfer of one file, and what follows a cut. `page` is the deposit: see deposit.js. */
(function () {
  'use strict';

  var STALL = 45000; // no byte has left for this long: the network is gone, even if nobody says so
  var ANSWER = 120000; // everything has left, no answer

  var fill = window.carelink.fill;
  var size = window.carelink.size;
  var announce = window.carelink.announce;
  var files = window.carelink.files;

  // Seconds before each automatic new attempt.
  window.carelink.DELAYS = [2, 4, 8, 15, 30, 30, 30];

  // What the server said, if it was the server.
  window.carelink.answer = function (xhr) {
    try { return JSON.parse(xhr.responseText) || {}; } catch (e) { return {}; }
  };

  // Is it worth another attempt, unchanged?
  window.carelink.passing = function (status, kind) {
    if (kind) return ['interrupted', 'unavailable', 'too_many_attempts'].indexOf(kind) >= 0;
    return !status || status === 408 || status === 425 || status === 429 || status >= 500;
  };

  window.carelink.transfer = function (page) {
    var t = page.texts;

    function progress(item, value) {
      var bar = item.li.querySelector('progress');
      bar.hidden = value === null;
      if (value === null) return;
      bar.value = value;
      bar.setAttribute('aria-label', item.name);
    }

    // The same key goes with every attempt, so that an answer that got lost costs nothing.
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
      xhr.open('POST', window.carelink.told.files);
      xhr.setRequestHeader('Content-Type', item.type);
      xhr.setRequestHeader('Accept', 'application/json');
      xhr.setRequestHeader('X-CSRF-Token', page.csrf);
      xhr.setRequestHeader('X-Idempotency-Key', files.keyOf(item.mark));
      xhr.setRequestHeader('X-File-Name', encodeURIComponent(item.name));
      xhr.upload.onprogress = function (event) { alive(STALL); sent(item, event); };
      xhr.upload.onload = function () { alive(ANSWER); progress(item, 99); page.say(item, t.almost); };
      xhr.onerror = xhr.onabort = function () { lost(0); };
      xhr.onload = function () {
        if (ended) return;
        var answer = window.carelink.answer(xhr);
        var ok = xhr.status >= 200 && xhr.status < 300;
        // A page instead of JSON, even with 200, is somebody else's answer (a hotel's portal, a proxy): not received.
        if ((ok && answer.state !== 'received') || window.carelink.passing(xhr.status, answer.kind)) return lost(wait(xhr));
        ended = true;
        clearTimeout(watch);
        progress(item, null);
        if (ok) received(item);
        else refused(item, answer);
      };
      alive(STALL);
      progress(item, 0);
      page.say(item, fill(t.progress, { n: 0, done: size(0), size: size(item.blob.size) }));
      xhr.send(item.blob);
    }

    function sent(item, event) {
      var part = event.lengthComputable ? event.loaded / event.total : 0;
      var percent = Math.min(99, Math.floor(part * 100));
      progress(item, percent);
      page.say(item, fill(t.progress, { n: percent, done: size(event.loaded), size: size(item.blob.size) }));
      var quarter = Math.floor(percent / 25);
      if (quarter > item.quarter) { item.quarter = quarter; announce(fill(t.announce, { name: item.name, n: quarter * 25 })); }
    }

    function wait(xhr) { return Math.min(600, parseInt(xhr.getResponseHeader('Retry-After'), 10) || 0); }

    function received(item) {
      item.state = 'received';
      page.say(item, t.received, 'is-ok');
      announce(item.name + '. ' + t.received);
      page.next();
    }

    function refused(item, answer) {
      item.state = 'refused';
      item.why = answer.message || t.refused;
      files.dropKey(item.mark);
      page.say(item, item.why, 'is-bad');
      if (answer.kind === 'code_no_longer_valid' || answer.kind === 'session_expired') {
        page.over = answer.kind === 'code_no_longer_valid';
        page.of('ready').forEach(function (other) { page.say(other, item.why, 'is-bad'); other.state = 'refused'; });
        page.end();
        return page.stop(item.why, true);
      }
      page.next();
    }

    // After a cut: count down, try again; whoever touches the button or brings the network back goes first.
    function again(item, after) {
      item.state = 'cut';
      progress(item, null);
      item.retry.hidden = false;
      var delay = Math.max(after, window.carelink.DELAYS[item.tries] || 0);
      item.tries += 1;
      if (navigator.onLine === false) { page.say(item, t.offline, 'is-bad'); return announce(t.offline); }
      if (!delay) { page.say(item, t.stopped, 'is-bad'); return page.stop(t.stopped); }
      announce(fill(t.retry_in, { n: delay }));
      item.clock = setInterval(tick, 1000);
      tick();
      function tick() {
        if (delay <= 0) return attempt(item);
        page.say(item, fill(t.retry_in, { n: delay }), 'is-bad');
        delay -= 1;
      }
    }

    function resume() {
      if (navigator.onLine === false) return;
      page.of('cut').forEach(function (item) { item.tries = 0; page.stop(''); attempt(item); });
    }
    window.addEventListener('online', resume);
    document.addEventListener('visibilitychange', function () { if (!document.hidden) resume(); });

    page.attempt = attempt;
  };
})();
