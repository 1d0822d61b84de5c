// Prints a Dockerfile's instructions and what a linter finds wrong with it, as JSON: node dockerfile.mjs PATH
import { readFileSync } from 'node:fs';
import { DockerfileParser } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';

const text = readFileSync(process.argv[2], 'utf8');
const instructions = DockerfileParser.parse(text).getInstructions().map(instruction => ({
  keyword: instruction.getKeyword(),
  flags: instruction.getFlags?.().map(flag => `${flag.getName()}=${flag.getValue()}`) ?? [],
  arguments: instruction.getArguments().map(argument => argument.getValue()),
}));
const mistakes = validate(text).map(mistake => `line ${mistake.range.start.line + 1}: ${mistake.message}`);
console.log(JSON.stringify({ instructions, mistakes }));
