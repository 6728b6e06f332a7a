import { DoppioError } from '@doppio/core';
import { showJson } from '../files/show-json.js';

/** The error of a file that does not keep to the format. */
export function invalid(file: string, what: string, seen?: string, tensor?: string): DoppioError {
  return new DoppioError('SAFETENSORS_INVALID', {
    what,
    where: tensor === undefined ? file : `${file}, tensor ${showJson(tensor)}`,
    ...(seen === undefined ? {} : { seen }),
    fix: 'the file is damaged, incomplete or not a safetensors file: fetch or write it again',
  });
}
