import { readFileSync } from 'node:fs';
import { FaultError } from '@reeve/protocol';

/** A file that somebody named. Throws FaultError NOT_FOUND. */
export const readGivenFile = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new FaultError('NOT_FOUND', `${file} cannot be read: ${(error as Error).message}.`, {
      next: 'Name a file that is there.',
      cause: error,
    });
  }
};

/** The content of a JSON or TOML file, told apart by the name. Throws FaultError NOT_FOUND, SERIALIZATION_ERROR. */
export const readDataFile = async (file: string): Promise<unknown> => {
  const text = readGivenFile(file);
  try {
    return file.endsWith('.toml') ? (await import('smol-toml')).parse(text) : JSON.parse(text);
  } catch (error) {
    throw new FaultError('SERIALIZATION_ERROR', `${file}: ${(error as Error).message.split('\n')[0]}`, {
      next: 'Correct the file.',
      cause: error,
    });
  }
};
