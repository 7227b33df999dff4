/* The files that were chosen: a row each, checked before anything is sent. `page` is the deposit: see deposit.js. */
(function () {
  'use strict';

  var byId = window.carelink.byId;
  var fill = window.carelink.fill;
  var size = window.carelink.size;
  var announce = window.carelink.announce;
  var told = window.carelink.told;
  var files = window.carelink.files;

  window.carelink.list = function (page) {
    var t = page.texts;
    var items = page.items;
    var list = byId('files');

    page.wire('camera', add);
    page.wire('choose', add);

    function add(chosen) {
      var added = 0;
      var trouble = '';
      var room = page.room();
      chosen.forEach(function (file) {
        var mark = [file.name, file.size, file.lastModified].join('|');
        if (items.some(function (item) { return item.mark === mark && item.state !== 'refused'; })) trouble = t.duplicate;
        else if (added >= room) trouble = tooMany(room);
        else { added += 1; row(file, mark); }
      });
      page.stop(trouble);
      if (added) announce(fill(added > 1 ? t.added_many : t.added_one, { n: added }));
      page.refresh();
    }

    function tooMany(room) {
      return room < 1 ? t.no_room : fill(room > 1 ? t.too_many : t.too_many_one, { n: room });
    }

    function row(file, mark) {
      var li = document.importNode(byId('row').content, true).querySelector('li');
      var item = { name: file.name || 'document', mark: mark, blob: file, li: li, tries: 0, state: 'preparing' };
      items.push(item);
      list.appendChild(li);
      li.querySelector('.file-name').textContent = item.name;
      act(item, 'remove', t.remove, function () { remove(item); });
      act(item, 'reduce', t.reduce, function () { reduce(item); });
      act(item, 'retry', t.retry, function () { page.attempt(item); });
      page.say(item, t.preparing);
      files.sniff(file).catch(function () { return ''; }).then(function (type) { prepare(item, type); });
    }

    function act(item, name, text, then) {
      var button = item.li.querySelector('[data-act=' + name + ']');
      button.textContent = text;
      button.setAttribute('aria-label', text + ' ' + item.name);
      button.addEventListener('click', then);
      item[name] = button;
    }

    function block(item, text) {
      item.state = 'blocked';
      page.say(item, text, 'is-bad');
      announce(item.name + '. ' + text);
      page.refresh();
    }

    function ready(item, text) {
      item.state = 'ready';
      item.reduce.hidden = true;
      page.say(item, text || fill(t.waiting, { size: size(item.blob.size) }));
      page.refresh();
    }

    function prepare(item, type) {
      if (items.indexOf(item) < 0) return; // removed meanwhile
      if (!item.blob.size) return block(item, t.empty);
      item.type = type;
      var photo = type && type !== files.TYPES.pdf;
      if (photo) thumbnail(item);
      if (!type && (/^image\//.test(item.blob.type) || /\.(heic|heif|webp|gif|bmp|avif)$/i.test(item.name))) {
        // A picture of another kind: a JPEG of it will do, where this browser can read it.
        return files.redraw(item.blob, told.max_bytes).then(function (small) { replace(item, small); ready(item); },
          function () { block(item, t.unknown_type); });
      }
      if (!type) return block(item, t.unknown_type);
      if (item.blob.size <= told.max_bytes) return ready(item);
      item.reduce.hidden = !photo;
      block(item, fill(photo ? t.too_large_photo : t.too_large, { size: size(item.blob.size), limit: told.limit }));
    }

    function replace(item, small) {
      item.blob = small;
      item.type = files.TYPES.jpeg;
      item.name = item.name.replace(/\.\w+$/, '') + '.jpg';
      thumbnail(item);
    }

    function reduce(item) {
      item.state = 'preparing';
      item.reduce.hidden = true;
      page.say(item, t.preparing);
      files.redraw(item.blob, told.max_bytes).then(function (small) {
        replace(item, small);
        ready(item, fill(t.reduced, { size: size(small.size) }));
        announce(fill(t.reduced, { size: size(small.size) }));
        item.remove.focus();
        page.stop('');
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
      files.dropKey(item.mark);
      if (item.url) URL.revokeObjectURL(item.url);
      items.splice(at, 1);
      list.removeChild(item.li);
      announce(fill(t.removed, { name: item.name }));
      page.stop('');
      page.refresh();
      var next = items[at] || items[at - 1];
      if (next && !next.remove.hidden) next.remove.focus();
      else byId('choose').focus();
    }
  };
})();
