// The documents that are sent: whole ones, which the walk of the format takes and the viewer can draw.
import { randomBytes } from 'node:crypto';
import type { Browser } from '@playwright/test';
import type { File } from './people.ts';

const BLOCK = randomBytes(2 ** 23);

/**
 * A PDF of one page and of exactly so many bytes, in pieces: an object that no page shows holds as much noise as is
 * missing, as an attached file would. Noise, since scans are compressed too: nothing here gets smaller on its way.
 */
export function* pdfPieces(size: number): Generator<Buffer> {
  const text = 'BT /F1 18 Tf 72 760 Td (CareLink, mesure) Tj ET';
  let head = '%PDF-1.4\n%\xe2\xe3\xcf\xd3\n';
  const offsets: number[] = [];
  const add = (object: string) => {
    offsets.push(head.length);
    head += `${offsets.length} 0 obj\n${object}\nendobj\n`;
  };
  add('<< /Type /Catalog /Pages 2 0 R >>');
  add('<< /Type /Pages /Count 1 /Kids [4 0 R] >>');
  add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>');
  add('<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents 5 0 R >>');
  add(`<< /Length ${text.length} >>\nstream\n${text}\nendstream`);
  offsets.push(head.length);

  // The tail's length depends on nothing but the number of objects: offsets and lengths are written in ten digits.
  const digits = (n: number) => String(n).padStart(10, '0');
  const opening = (length: number) => `6 0 obj\n<< /Length ${digits(length)} >>\nstream\n`;
  const tail = (table: number) =>
    `\nendstream\nendobj\nxref\n0 7\n0000000000 65535 f \n${offsets.map((at) => `${digits(at)} 00000 n \n`).join('')}` +
    `trailer\n<< /Size 7 /Root 1 0 R >>\nstartxref\n${digits(table)}\n%%EOF\n`;
  const noise = size - head.length - opening(0).length - tail(0).length;
  if (noise < 0) throw new Error(`a PDF of ${size} bytes is too small`);
  const table = head.length + opening(0).length + noise + '\nendstream\nendobj\n'.length;

  yield Buffer.from(head + opening(noise), 'latin1');
  for (let left = noise; left > 0; left -= BLOCK.length) yield left >= BLOCK.length ? BLOCK : BLOCK.subarray(0, left);
  yield Buffer.from(tail(table), 'latin1');
}

export function pdf(name: string, size: number): File {
  return { name, type: 'application/pdf', size, body: Buffer.concat([...pdfPieces(size)]) };
}

/** A photo of twelve megapixels as a phone takes it: JPEG of Chromium's encoder, with the grain that makes it 5 MB. */
export async function photo(browser: Browser): Promise<File> {
  const page = await browser.newPage();
  const encoded = await page.evaluate(() => {
    const [canvas, tile] = [document.createElement('canvas'), document.createElement('canvas')];
    [canvas.width, canvas.height, tile.width, tile.height] = [4000, 3000, 500, 500];
    const [pen, brush] = [canvas.getContext('2d'), tile.getContext('2d')];
    if (!pen || !brush) throw new Error('no canvas');
    const grain = brush.createImageData(tile.width, tile.height);
    let seed = 12345;
    for (let i = 0; i < grain.data.length; i += 4) {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff;
      const light = 150 + ((seed >> 16) % 56);
      grain.data.set([light, light, light - 20, 255], i);
    }
    brush.putImageData(grain, 0, 0);
    for (let x = 0; x < canvas.width; x += tile.width) for (let y = 0; y < canvas.height; y += tile.height) pen.drawImage(tile, x, y);
    return canvas.toDataURL('image/jpeg', 0.87).replace(/^[^,]*,/, '');
  });
  await page.close();
  const body = Buffer.from(encoded, 'base64');
  return { name: 'photo.jpg', type: 'image/jpeg', size: body.length, body };
}
