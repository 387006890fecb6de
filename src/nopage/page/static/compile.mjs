// node compile.mjs PYODIDE LOCK ARCHIVE...: compile the modules in each archive by the Python that will run them, in place.
import {readFileSync, writeFileSync} from "node:fs";
import {pathToFileURL} from "node:url";
const [folder, lock, ...archives] = process.argv.slice(2);
const {loadPyodide} = await import(pathToFileURL(`${folder}/pyodide.mjs`).href);
const python = await loadPyodide({indexURL: `${folder}/`, lockFileContents: JSON.parse(lock)});
python.runPython(`
import importlib._bootstrap_external as external, importlib.util, io, zipfile
def compiled(path, home):
    out = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w") as target:
        for one in source.infolist():
            data, name = source.read(one), one.filename
            if name.endswith(".py"):
                code = compile(data, home + "/" + name, "exec", dont_inherit=True)
                data, name = bytes(external._code_to_hash_pyc(code, importlib.util.source_hash(data), False)), name + "c"
            target.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED, 9)
    with open(path, "wb") as file:
        file.write(out.getvalue())
import site
home = site.getsitepackages()[0]
`);
for (const archive of archives) {
  python.FS.writeFile("/one.zip", readFileSync(archive));
  python.runPython('compiled("/one.zip", home)');
  writeFileSync(archive, python.FS.readFile("/one.zip"));
}
process.exit(0);
