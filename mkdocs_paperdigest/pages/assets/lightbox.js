// Shows figures large: one dialog for all galleries. `paperdigest.js` loads this when a figure is opened.
(() => {
	"use strict";

	let box, links, at, one, make, button, word, isChord;

	window.pdLightbox = (gallery, number, tools) => {
		({ one, make, button, word, isChord } = tools);
		links = gallery;
		if (!box?.isConnected) box = lightbox();
		box.showModal();
		show(number);
	};

	function lightbox() {
		const made = make("dialog", "pd-lightbox");
		const stage = make("div", "pd-stage");
		let start = null;
		const zoom = (wanted, x, y) => {
			const image = stage.firstChild;
			const { width, height } = image;
			const zoomed = stage.classList.toggle("pd-zoomed", wanted);
			image.style.width = zoomed ? `${Math.max(2 * width, image.naturalWidth)}px` : "";
			const scale = image.width / width;
			stage.scrollTo((x ?? width / 2) * scale - stage.clientWidth / 2, (y ?? height / 2) * scale - stage.clientHeight / 2);
		};
		stage.onclick = (event) => {
			if (event.target === stage) return made.close();
			zoom(undefined, event.offsetX, event.offsetY);
		};
		stage.onpointerdown = (event) => { start = event.isPrimary ? event.clientX : null; };
		stage.onpointerup = (event) => {
			const moved = start === null || event.pointerType === "mouse" ? 0 : event.clientX - start;
			if (Math.abs(moved) > 60 && !isZoomed()) turn(moved < 0 ? 1 : -1);
		};
		const close = button("pd-close", word("close"), "×", () => made.close());
		close.autofocus = true;
		made.append(
			stage,
			close,
			button("pd-previous", word("previous"), "‹", () => turn(-1)),
			button("pd-next", word("next"), "›", () => turn(1)),
			make("span", "pd-position"),
			make("div", "pd-legend"),
		);
		made.onkeydown = (event) => {
			// The theme listens to keys too.
			event.stopPropagation();
			if (isChord(event)) return;
			const larger = { "+": true, "=": true, "-": false, z: !isZoomed() }[event.key];
			if (larger !== undefined && larger !== isZoomed()) zoom(larger);
			const way = { ArrowRight: 1, ArrowLeft: -1, Home: -at, End: -1 - at }[event.key];
			if (way !== undefined && !isZoomed()) turn(way);
		};
		made.onclose = () => links[at].focus();
		document.body.append(made);
		return made;
	}

	const isZoomed = () => Boolean(one(".pd-zoomed", box));
	const turn = (way) => show((at + way + links.length) % links.length);

	function show(number) {
		at = number;
		const image = one("img", links[at]);
		const [width, height] = ["width", "height"].map((name) => image.getAttribute(name));
		const large = make("img", "", "", { src: links[at].href, alt: image.alt, width, height });
		const legend = make("div", "");
		legend.append(...one("figcaption", image.closest("figure")).cloneNode(true).childNodes);
		const stage = one(".pd-stage", box);
		stage.classList.remove("pd-zoomed");
		stage.replaceChildren(large);
		one(".pd-legend", box).replaceChildren(legend);
		one(".pd-position", box).textContent = `${at + 1} / ${links.length}`;
		box.ariaLabel = one("b", legend)?.textContent;
	}
})();
