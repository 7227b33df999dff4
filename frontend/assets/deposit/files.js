/* Files before they are sent: their type by content, a smaller picture, and the key that makes each arrive once. */
(function () {
  'use strict';

  var TYPES = { jpeg: 'image/jpeg', png: 'image/png', pdf: 'application/pdf' };

  // The type by content: what the server will decide, before anything is sent.
  function sniff(blob) {
    return new Promise(function (resolve, reject) {
      var reader = new FileReader();
      reader.onerror = reject;
      reader.onload = function () {
        var b = new Uint8Array(reader.result);
        if (b[0] === 0xff && b[1] === 0xd8 && b[2] === 0xff) return resolve(TYPES.jpeg);
        if (b[0] === 0x89 && b[1] === 0x50 && b[2] === 0x4e && b[3] === 0x47) return resolve(TYPES.png);
        var head = String.fromCharCode.apply(null, b);
        resolve(head.indexOf('%PDF-') >= 0 ? TYPES.pdf : '');
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
          }, TYPES.jpeg, 0.85);
        })();
      };
      image.src = url;
    });
  }

  /* -- one key per file, kept over a reload: the same file is never received twice -- */

  function uuid() {
    var b = crypto.getRandomValues(new Uint8Array(16));
    b[6] = b[6] & 15 | 64;
    b[8] = b[8] & 63 | 128;
    return [].map.call(b, function (n) { return (n + 256).toString(16).slice(1); }).join('')
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }

  var STORE = 'deposit:' + window.carelink.told.scope;
  var keys = {};
  try { keys = JSON.parse(sessionStorage.getItem(STORE)) || {}; } catch (e) { keys = {}; }

  function save() { try { sessionStorage.setItem(STORE, JSON.stringify(keys)); } catch (e) { /* memory is enough */ } }

  window.carelink.files = {
    TYPES: TYPES,
    sniff: sniff,
    redraw: redraw,
    keyOf: function (mark) { if (!keys[mark]) { keys[mark] = uuid(); save(); } return keys[mark]; },
    dropKey: function (mark) { delete keys[mark]; save(); },
    forgetKeys: function () { try { sessionStorage.removeItem(STORE); } catch (e) { /* nothing was kept */ } }
  };
})();
