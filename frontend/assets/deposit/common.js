/* The patient's pages work without their script. With it: camera and file buttons, thumbnails, checks before sending,
   true progress, retries that can't duplicate a file, and a receipt that stays up to date.
   ES2017, no dependency. Texts, limits and addresses come from the page (#told); nothing is translated here.
   Floor: Safari of iOS 12, Chrome 70.

   The parts in this folder are served as one file, in the order of server/src/routes/assets.rs. This one comes first:
   what they share. */
(function () {
  'use strict';

  function byId(id) { return document.getElementById(id); }

  var told = {};
  try { told = JSON.parse(byId('told').textContent); } catch (e) { told = {}; }

  function announce(text) { var live = byId('live'); if (live) live.textContent = text; }

  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, function (whole, key) { return key in values ? values[key] : whole; });
  }

  // Rounded up, to a tenth of a megabyte.
  function size(bytes) {
    var unit = bytes >= 1e6 ? 1e6 : 1e3;
    var value = bytes / unit;
    var text = unit === 1e3 ? String(Math.ceil(value))
      : (Math.ceil(value * 10) / 10).toFixed(1).replace('.0', '');
    return text.replace('.', told.decimal) + '\u00a0' + (unit === 1e6 ? told.megabytes : told.kilobytes);
  }

  var problem = byId('problem');
  if (problem) problem.focus();

  // A page from the back-forward cache may show a state that is no longer true.
  window.addEventListener('pageshow', function (event) { if (event.persisted) location.reload(); });

  window.carelink = { byId: byId, told: told, announce: announce, fill: fill, size: size };
})();
