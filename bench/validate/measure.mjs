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

const runs = 20;
for (const name of readdirSync(process.argv[2]).sort()) {
	const file = join(process.argv[2], name);
	validate(file);
	const start = performance.now();
	for (let i = 0; i < runs; i++) validate(file);
	console.log(basename(name, ".json"), ((performance.now() - start) / runs).toFixed(3));
}
