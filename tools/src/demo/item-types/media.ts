import { createHash } from 'node:crypto';

/** A file of the item bank, as items name it. */
export interface MediaRef {
  sha256: string;
  mediaType: string;
  sizeBytes: number;
  durationSeconds: number;
}

const SAMPLE_RATE = 8000;

/** A WAV file that sounds one note: 8 bit, mono. */
export function tone(seconds: number, hertz: number): Buffer {
  const samples = Math.round(seconds * SAMPLE_RATE);
  const file = Buffer.alloc(44 + samples);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + samples, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(SAMPLE_RATE, 24);
  file.writeUInt32LE(SAMPLE_RATE, 28);
  file.writeUInt16LE(1, 32);
  file.writeUInt16LE(8, 34);
  file.write('data', 36);
  file.writeUInt32LE(samples, 40);
  for (let index = 0; index < samples; index += 1) {
    const value = 128 + 100 * Math.sin((2 * Math.PI * hertz * index) / SAMPLE_RATE);
    file.writeUInt8(Math.round(value), 44 + index);
  }
  return file;
}

export function mediaRefOf(file: Buffer, seconds: number): MediaRef {
  return {
    sha256: createHash('sha256').update(file).digest('hex'),
    mediaType: 'audio/wav',
    sizeBytes: file.length,
    durationSeconds: seconds,
  };
}
