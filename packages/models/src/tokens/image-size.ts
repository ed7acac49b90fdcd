import type { ImageInput } from '@reeve/core';

export interface ImageSize {
  width: number;
  height: number;
}

/** Enough for the header of a photograph with its preview: JPEG's size stands behind its metadata. */
const headerBase64 = 360_000;

/** The size in pixels out of the header of a PNG, JPEG, GIF or WebP; null for an address and for what is none of these. */
export function readImageSize({ data }: ImageInput): ImageSize | null {
  if (data.startsWith('https://')) return null;
  const bytes = Buffer.from(data.slice(0, headerBase64), 'base64');
  const size = readPng(bytes) ?? readGif(bytes) ?? readWebp(bytes) ?? readJpeg(bytes);
  return size !== null && size.width > 0 && size.height > 0 ? size : null;
}

const hasText = (bytes: Buffer, at: number, text: string): boolean =>
  bytes.toString('latin1', at, at + text.length) === text;

/** PNG specification, 11.2.1: IHDR is the first chunk. */
function readPng(bytes: Buffer): ImageSize | null {
  if (bytes.length < 24 || !hasText(bytes, 1, 'PNG') || !hasText(bytes, 12, 'IHDR')) return null;
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** GIF89a, section 18: the logical screen. */
function readGif(bytes: Buffer): ImageSize | null {
  if (bytes.length < 10 || !hasText(bytes, 0, 'GIF8')) return null;
  return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
}

/** RFC 9649: extended (VP8X), lossy (VP8) and lossless (VP8L). */
function readWebp(bytes: Buffer): ImageSize | null {
  if (bytes.length < 30 || !hasText(bytes, 0, 'RIFF') || !hasText(bytes, 8, 'WEBP')) return null;
  if (hasText(bytes, 12, 'VP8X'))
    return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
  if (hasText(bytes, 12, 'VP8 '))
    return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
  if (!hasText(bytes, 12, 'VP8L')) return null;
  const bits = bytes.readUInt32LE(21);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

/** ITU-T T.81, B.2.2: the frame header, any SOF marker but the tables DHT (C4), JPG (C8) and DAC (CC). */
function readJpeg(bytes: Buffer): ImageSize | null {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return null;
  let at = 2;
  while (at + 9 <= bytes.length) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return null;
}
