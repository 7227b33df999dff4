/* The receipt: its states are read again while somebody looks, until they are final. */
(function () {
  'use strict';

  var byId = window.carelink.byId;
  if (!byId('states')) return;

  var POLL = 30000;
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
      if (fresh) show(byId('states'), fresh);
    }).catch(function () { busy = false; }); // the next turn tries again
  }

  function show(states, fresh) {
    var changed = files(states) !== files(fresh);
    if (!changed && states.contains(document.activeElement)) return;
    states.parentNode.replaceChild(document.adoptNode(fresh), states);
    if (!changed) return;
    var titles = [].map.call(fresh.querySelectorAll('.receipts h3'), function (h) { return h.textContent; });
    window.carelink.announce(window.carelink.fill(window.carelink.told.state_changed, { name: titles.join(', ') }));
  }

  setInterval(read, POLL);
  document.addEventListener('visibilitychange', function () { if (Date.now() - last > POLL) read(); });
})();
