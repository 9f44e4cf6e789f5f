// Prints how many milliseconds the peer takes for each template of a folder, once it is warm; with
// --once it validates one file.
import { CelEngine, TemplateFile } from "@aws/cloudformation-validate";
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";

const engine = new CelEngine();
const validate = (file) => engine.validateStandard(new TemplateFile(file));

if (process.argv[2] === "--once") {
	validate(process.argv[3]);
	process.exit(0);
}

const repeat = (file, atLeast) => {
	const start = performance.now();
	let runs = 0, took = 0;
	for (; took < atLeast; took = performance.now() - start) {
		validate(file);
		runs++;
	}
	return took / runs;
};

for (const name of readdirSync(process.argv[2]).sort()) {
	const file = join(process.argv[2], name);
	repeat(file, 100);
	console.log(basename(name, ".json"), repeat(file, 1000).toFixed(3));
}
