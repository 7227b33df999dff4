// Makes the files that the browser tests deposit: honest ones, as a phone or a scanner would, and a few that must be
// refused. The pictures are drawn by Chromium itself, so that its real JPEG and PNG encoders are at work; the PDF is
// written by hand. The same files every time (a seeded noise), and only once.
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type LaunchOptions } from '@playwright/test';
import { files, PHOTO_DEVICE } from '../fixtures/files.ts';

/** Raised when the files change, so that old ones are made again. */
const EDITION = 1;

export async function makeFiles(launchOptions: LaunchOptions | undefined): Promise<void> {
  const done = join(files.folder, `edition-${EDITION}`);
  if (existsSync(done)) return;
  mkdirSync(files.folder, { recursive: true });

  const browser = await chromium.launch(launchOptions);
  try {
    const page = await browser.newPage();
    const photo = withExif(Buffer.from(await page.evaluate(draw, { width: 2000, height: 1500, type: 'image/jpeg' }), 'base64'));
    write(files.photo, photo);
    write(files.damaged, photo.subarray(0, 600));
    write(files.picture, Buffer.from(await page.evaluate(draw, { width: 640, height: 400, type: 'image/png' }), 'base64'));
  } finally {
    await browser.close();
  }
  write(files.pdf, pdf([['Compte rendu de consultation', 'Patient fictif : Camille Essai', 'Document de test CareLink'], ['Page 2', 'Conclusion : tout va bien.']]));
  write(files.disguised, Buffer.from('Ceci est un texte, pas un PDF.\n'));
  write(files.empty, Buffer.alloc(0));
  write(done, Buffer.alloc(0));
}

/** Whole or not at all: a run that is stopped half-way leaves no half file behind. */
function write(path: string, content: Buffer): void {
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
}

/** Runs in the page: a sheet of paper on a table, with writing and the grain of a camera. Base64 of the encoded picture. */
async function draw({ width, height, type }: { width: number; height: number; type: string }): Promise<string> {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('no canvas');
  const table = pen.createLinearGradient(0, 0, width, height);
  table.addColorStop(0, '#7a5230');
  table.addColorStop(1, '#3d2817');
  pen.fillStyle = table;
  pen.fillRect(0, 0, width, height);
  pen.save();
  pen.translate(width / 2, height / 2);
  pen.rotate(-0.03);
  pen.fillStyle = '#f6f3ea';
  pen.fillRect(-width * 0.36, -height * 0.42, width * 0.72, height * 0.84);
  pen.fillStyle = '#22304a';
  const size = Math.round(height / 22);
  pen.font = `${size}px sans-serif`;
  ['ORDONNANCE (fictive)', 'Dr Essai, médecin', '', 'Paracétamol 1 g : 1 comprimé', '3 fois par jour, 5 jours', '', 'Camille Essai'].forEach(
    (line, index) => pen.fillText(line, -width * 0.32, -height * 0.32 + index * size * 1.7),
  );
  pen.restore();
  if (type === 'image/jpeg') {
    const pixels = pen.getImageData(0, 0, width, height);
    let seed = 12345;
    for (let i = 0; i < pixels.data.length; i += 4) {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff;
      const grain = (seed >> 16) % 24;
      for (let channel = 0; channel < 3; channel++) pixels.data[i + channel] = (pixels.data[i + channel] ?? 0) + grain - 12;
    }
    pen.putImageData(pixels, 0, 0);
  }
  return canvas.toDataURL(type, 0.85).replace(/^[^,]*,/, '');
}

/** Puts an EXIF block behind the start of the JPEG: orientation 6 (turned by a quarter), the device, a place in Paris. */
function withExif(jpeg: Buffer): Buffer {
  const make = Buffer.from(`${PHOTO_DEVICE}\0`, 'ascii');
  const entry = (tag: number, type: number, count: number, value: number | Buffer): Buffer => {
    const bytes = Buffer.alloc(12);
    bytes.writeUInt16BE(tag, 0);
    bytes.writeUInt16BE(type, 2);
    bytes.writeUInt32BE(count, 4);
    if (Buffer.isBuffer(value)) value.copy(bytes, 8);
    else if (type === 3) bytes.writeUInt16BE(value, 8);
    else bytes.writeUInt32BE(value, 8);
    return bytes;
  };
  const directory = (entries: Buffer[]): Buffer => {
    const count = Buffer.alloc(2);
    count.writeUInt16BE(entries.length);
    return Buffer.concat([count, ...entries, Buffer.alloc(4)]);
  };
  const degrees = (d: number, m: number, s: number): Buffer => {
    const bytes = Buffer.alloc(24);
    [d, 1, m, 1, s, 1].forEach((n, index) => bytes.writeUInt32BE(n, index * 4));
    return bytes;
  };
  const main = 8; // where the first directory starts, counted from the TIFF header
  const place = main + 2 + 3 * 12 + 4;
  const data = place + 2 + 4 * 12 + 4;
  const latitude = data + make.length + (make.length % 2);
  const tiff = Buffer.concat([
    Buffer.from('MM\0*\0\0\0\x08', 'latin1'),
    directory([entry(0x010f, 2, make.length, data), entry(0x0112, 3, 1, 6), entry(0x8825, 4, 1, place)]),
    directory([
      entry(1, 2, 2, Buffer.from('N\0')),
      entry(2, 5, 3, latitude),
      entry(3, 2, 2, Buffer.from('E\0')),
      entry(4, 5, 3, latitude + 24),
    ]),
    make,
    Buffer.alloc(make.length % 2),
    degrees(48, 51, 24),
    degrees(2, 21, 8),
  ]);
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const marker = Buffer.from([0xff, 0xe1, 0, 0]);
  marker.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), marker, body, jpeg.subarray(2)]);
}

/** A PDF 1.4 of A4 pages, each with some lines of Helvetica. */
function pdf(pages: string[][]): Buffer {
  const escape = (text: string) => text.replace(/[\\()]/g, (c) => `\\${c}`);
  const objects: string[] = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, i) => `${4 + 2 * i} 0 R`).join(' ')}] >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
  ];
  pages.forEach((lines, index) => {
    const text = `BT /F1 18 Tf 72 760 Td 26 TL ${lines.map((line) => `(${escape(line)}) Tj T*`).join(' ')} ET`;
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + 2 * index} 0 R >>`,
      `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    );
  });
  let out = '%PDF-1.4\n%\xe2\xe3\xcf\xd3\n';
  const offsets = objects.map((object, index) => {
    const offset = out.length;
    out += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = out.length;
  out += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  for (const offset of offsets) out += `${String(offset).padStart(10, '0')} 00000 n \n`;
  out += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
  return Buffer.from(out, 'latin1');
}
