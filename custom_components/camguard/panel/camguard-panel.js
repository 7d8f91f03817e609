var w0=Object.defineProperty;var k0=Object.getOwnPropertyDescriptor;var i=(r,L,C,H)=>{for(var V=H>1?void 0:H?k0(L,C):L,e=r.length-1,t;e>=0;e--)(t=r[e])&&(V=(H?t(L,C,V):t(V))||V);return H&&V&&w0(L,C,V),V};var P2=globalThis,T2=P2.ShadowRoot&&(P2.ShadyCSS===void 0||P2.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,d5=Symbol(),p3=new WeakMap,A2=class{constructor(L,C,H){if(this._$cssResult$=!0,H!==d5)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=L,this.t=C}get styleSheet(){let L=this.o,C=this.t;if(T2&&L===void 0){let H=C!==void 0&&C.length===1;H&&(L=p3.get(C)),L===void 0&&((this.o=L=new CSSStyleSheet).replaceSync(this.cssText),H&&p3.set(C,L))}return L}toString(){return this.cssText}},s3=r=>new A2(typeof r=="string"?r:r+"",void 0,d5),v=(r,...L)=>{let C=r.length===1?r[0]:L.reduce((H,V,e)=>H+(t=>{if(t._$cssResult$===!0)return t.cssText;if(typeof t=="number")return t;throw Error("Value passed to 'css' function must be a 'css' function result: "+t+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(V)+r[e+1],r[0]);return new A2(C,r,d5)},l3=(r,L)=>{if(T2)r.adoptedStyleSheets=L.map(C=>C instanceof CSSStyleSheet?C:C.styleSheet);else for(let C of L){let H=document.createElement("style"),V=P2.litNonce;V!==void 0&&H.setAttribute("nonce",V),H.textContent=C.cssText,r.appendChild(H)}},p5=T2?r=>r:r=>r instanceof CSSStyleSheet?(L=>{let C="";for(let H of L.cssRules)C+=H.cssText;return s3(C)})(r):r;var{is:$0,defineProperty:P0,getOwnPropertyDescriptor:T0,getOwnPropertyNames:B0,getOwnPropertySymbols:R0,getPrototypeOf:F0}=Object,B2=globalThis,m3=B2.trustedTypes,E0=m3?m3.emptyScript:"",_0=B2.reactiveElementPolyfillSupport,n2=(r,L)=>r,d2={toAttribute(r,L){switch(L){case Boolean:r=r?E0:null;break;case Object:case Array:r=r==null?r:JSON.stringify(r)}return r},fromAttribute(r,L){let C=r;switch(L){case Boolean:C=r!==null;break;case Number:C=r===null?null:Number(r);break;case Object:case Array:try{C=JSON.parse(r)}catch{C=null}}return C}},R2=(r,L)=>!$0(r,L),v3={attribute:!0,type:String,converter:d2,reflect:!1,useDefault:!1,hasChanged:R2};Symbol.metadata??=Symbol("metadata"),B2.litPropertyMetadata??=new WeakMap;var x1=class extends HTMLElement{static addInitializer(L){this._$Ei(),(this.l??=[]).push(L)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(L,C=v3){if(C.state&&(C.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(L)&&((C=Object.create(C)).wrapped=!0),this.elementProperties.set(L,C),!C.noAccessor){let H=Symbol(),V=this.getPropertyDescriptor(L,H,C);V!==void 0&&P0(this.prototype,L,V)}}static getPropertyDescriptor(L,C,H){let{get:V,set:e}=T0(this.prototype,L)??{get(){return this[C]},set(t){this[C]=t}};return{get:V,set(t){let o=V?.call(this);e?.call(this,t),this.requestUpdate(L,o,H)},configurable:!0,enumerable:!0}}static getPropertyOptions(L){return this.elementProperties.get(L)??v3}static _$Ei(){if(this.hasOwnProperty(n2("elementProperties")))return;let L=F0(this);L.finalize(),L.l!==void 0&&(this.l=[...L.l]),this.elementProperties=new Map(L.elementProperties)}static finalize(){if(this.hasOwnProperty(n2("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(n2("properties"))){let C=this.properties,H=[...B0(C),...R0(C)];for(let V of H)this.createProperty(V,C[V])}let L=this[Symbol.metadata];if(L!==null){let C=litPropertyMetadata.get(L);if(C!==void 0)for(let[H,V]of C)this.elementProperties.set(H,V)}this._$Eh=new Map;for(let[C,H]of this.elementProperties){let V=this._$Eu(C,H);V!==void 0&&this._$Eh.set(V,C)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(L){let C=[];if(Array.isArray(L)){let H=new Set(L.flat(1/0).reverse());for(let V of H)C.unshift(p5(V))}else L!==void 0&&C.push(p5(L));return C}static _$Eu(L,C){let H=C.attribute;return H===!1?void 0:typeof H=="string"?H:typeof L=="string"?L.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(L=>this.enableUpdating=L),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(L=>L(this))}addController(L){(this._$EO??=new Set).add(L),this.renderRoot!==void 0&&this.isConnected&&L.hostConnected?.()}removeController(L){this._$EO?.delete(L)}_$E_(){let L=new Map,C=this.constructor.elementProperties;for(let H of C.keys())this.hasOwnProperty(H)&&(L.set(H,this[H]),delete this[H]);L.size>0&&(this._$Ep=L)}createRenderRoot(){let L=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return l3(L,this.constructor.elementStyles),L}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(L=>L.hostConnected?.())}enableUpdating(L){}disconnectedCallback(){this._$EO?.forEach(L=>L.hostDisconnected?.())}attributeChangedCallback(L,C,H){this._$AK(L,H)}_$ET(L,C){let H=this.constructor.elementProperties.get(L),V=this.constructor._$Eu(L,H);if(V!==void 0&&H.reflect===!0){let e=(H.converter?.toAttribute!==void 0?H.converter:d2).toAttribute(C,H.type);this._$Em=L,e==null?this.removeAttribute(V):this.setAttribute(V,e),this._$Em=null}}_$AK(L,C){let H=this.constructor,V=H._$Eh.get(L);if(V!==void 0&&this._$Em!==V){let e=H.getPropertyOptions(V),t=typeof e.converter=="function"?{fromAttribute:e.converter}:e.converter?.fromAttribute!==void 0?e.converter:d2;this._$Em=V;let o=t.fromAttribute(C,e.type);this[V]=o??this._$Ej?.get(V)??o,this._$Em=null}}requestUpdate(L,C,H,V=!1,e){if(L!==void 0){let t=this.constructor;if(V===!1&&(e=this[L]),H??=t.getPropertyOptions(L),!((H.hasChanged??R2)(e,C)||H.useDefault&&H.reflect&&e===this._$Ej?.get(L)&&!this.hasAttribute(t._$Eu(L,H))))return;this.C(L,C,H)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(L,C,{useDefault:H,reflect:V,wrapped:e},t){H&&!(this._$Ej??=new Map).has(L)&&(this._$Ej.set(L,t??C??this[L]),e!==!0||t!==void 0)||(this._$AL.has(L)||(this.hasUpdated||H||(C=void 0),this._$AL.set(L,C)),V===!0&&this._$Em!==L&&(this._$Eq??=new Set).add(L))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(C){Promise.reject(C)}let L=this.scheduleUpdate();return L!=null&&await L,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[V,e]of this._$Ep)this[V]=e;this._$Ep=void 0}let H=this.constructor.elementProperties;if(H.size>0)for(let[V,e]of H){let{wrapped:t}=e,o=this[V];t!==!0||this._$AL.has(V)||o===void 0||this.C(V,void 0,e,o)}}let L=!1,C=this._$AL;try{L=this.shouldUpdate(C),L?(this.willUpdate(C),this._$EO?.forEach(H=>H.hostUpdate?.()),this.update(C)):this._$EM()}catch(H){throw L=!1,this._$EM(),H}L&&this._$AE(C)}willUpdate(L){}_$AE(L){this._$EO?.forEach(C=>C.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(L)),this.updated(L)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(L){return!0}update(L){this._$Eq&&=this._$Eq.forEach(C=>this._$ET(C,this[C])),this._$EM()}updated(L){}firstUpdated(L){}};x1.elementStyles=[],x1.shadowRootOptions={mode:"open"},x1[n2("elementProperties")]=new Map,x1[n2("finalized")]=new Map,_0?.({ReactiveElement:x1}),(B2.reactiveElementVersions??=[]).push("2.1.2");var l5=globalThis,x3=r=>r,F2=l5.trustedTypes,c3=F2?F2.createPolicy("lit-html",{createHTML:r=>r}):void 0,m5="$lit$",c1=`lit$${Math.random().toFixed(9).slice(2)}$`,v5="?"+c1,D0=`<${v5}>`,F1=document,s2=()=>F1.createComment(""),l2=r=>r===null||typeof r!="object"&&typeof r!="function",x5=Array.isArray,f3=r=>x5(r)||typeof r?.[Symbol.iterator]=="function",s5=`[ 	
\f\r]`,p2=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,u3=/-->/g,Z3=/>/g,B1=RegExp(`>|${s5}(?:([^\\s"'>=/]+)(${s5}*=${s5}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),h3=/'/g,S3=/"/g,O3=/^(?:script|style|textarea|title)$/i,c5=r=>(L,...C)=>({_$litType$:r,strings:L,values:C}),M=c5(1),j=c5(2),X7=c5(3),u1=Symbol.for("lit-noChange"),R=Symbol.for("lit-nothing"),g3=new WeakMap,R1=F1.createTreeWalker(F1,129);function b3(r,L){if(!x5(r)||!r.hasOwnProperty("raw"))throw Error("invalid template strings array");return c3!==void 0?c3.createHTML(L):L}var y3=(r,L)=>{let C=r.length-1,H=[],V,e=L===2?"<svg>":L===3?"<math>":"",t=p2;for(let o=0;o<C;o++){let a=r[o],l,f,x=-1,w=0;for(;w<a.length&&(t.lastIndex=w,f=t.exec(a),f!==null);)w=t.lastIndex,t===p2?f[1]==="!--"?t=u3:f[1]!==void 0?t=Z3:f[2]!==void 0?(O3.test(f[2])&&(V=RegExp("</"+f[2],"g")),t=B1):f[3]!==void 0&&(t=B1):t===B1?f[0]===">"?(t=V??p2,x=-1):f[1]===void 0?x=-2:(x=t.lastIndex-f[2].length,l=f[1],t=f[3]===void 0?B1:f[3]==='"'?S3:h3):t===S3||t===h3?t=B1:t===u3||t===Z3?t=p2:(t=B1,V=void 0);let k=t===B1&&r[o+1].startsWith("/>")?" ":"";e+=t===p2?a+D0:x>=0?(H.push(l),a.slice(0,x)+m5+a.slice(x)+c1+k):a+c1+(x===-2?o:k)}return[b3(r,e+(r[C]||"<?>")+(L===2?"</svg>":L===3?"</math>":"")),H]},m2=class r{constructor({strings:L,_$litType$:C},H){let V;this.parts=[];let e=0,t=0,o=L.length-1,a=this.parts,[l,f]=y3(L,C);if(this.el=r.createElement(l,H),R1.currentNode=this.el.content,C===2||C===3){let x=this.el.content.firstChild;x.replaceWith(...x.childNodes)}for(;(V=R1.nextNode())!==null&&a.length<o;){if(V.nodeType===1){if(V.hasAttributes())for(let x of V.getAttributeNames())if(x.endsWith(m5)){let w=f[t++],k=V.getAttribute(x).split(c1),_=/([.?@])?(.*)/.exec(w);a.push({type:1,index:e,name:_[2],strings:k,ctor:_[1]==="."?_2:_[1]==="?"?D2:_[1]==="@"?N2:_1}),V.removeAttribute(x)}else x.startsWith(c1)&&(a.push({type:6,index:e}),V.removeAttribute(x));if(O3.test(V.tagName)){let x=V.textContent.split(c1),w=x.length-1;if(w>0){V.textContent=F2?F2.emptyScript:"";for(let k=0;k<w;k++)V.append(x[k],s2()),R1.nextNode(),a.push({type:2,index:++e});V.append(x[w],s2())}}}else if(V.nodeType===8)if(V.data===v5)a.push({type:2,index:e});else{let x=-1;for(;(x=V.data.indexOf(c1,x+1))!==-1;)a.push({type:7,index:e}),x+=c1.length-1}e++}}static createElement(L,C){let H=F1.createElement("template");return H.innerHTML=L,H}};function E1(r,L,C=r,H){if(L===u1)return L;let V=H!==void 0?C._$Co?.[H]:C._$Cl,e=l2(L)?void 0:L._$litDirective$;return V?.constructor!==e&&(V?._$AO?.(!1),e===void 0?V=void 0:(V=new e(r),V._$AT(r,C,H)),H!==void 0?(C._$Co??=[])[H]=V:C._$Cl=V),V!==void 0&&(L=E1(r,V._$AS(r,L.values),V,H)),L}var E2=class{constructor(L,C){this._$AV=[],this._$AN=void 0,this._$AD=L,this._$AM=C}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(L){let{el:{content:C},parts:H}=this._$AD,V=(L?.creationScope??F1).importNode(C,!0);R1.currentNode=V;let e=R1.nextNode(),t=0,o=0,a=H[0];for(;a!==void 0;){if(t===a.index){let l;a.type===2?l=new X1(e,e.nextSibling,this,L):a.type===1?l=new a.ctor(e,a.name,a.strings,this,L):a.type===6&&(l=new z2(e,this,L)),this._$AV.push(l),a=H[++o]}t!==a?.index&&(e=R1.nextNode(),t++)}return R1.currentNode=F1,V}p(L){let C=0;for(let H of this._$AV)H!==void 0&&(H.strings!==void 0?(H._$AI(L,H,C),C+=H.strings.length-2):H._$AI(L[C])),C++}},X1=class r{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(L,C,H,V){this.type=2,this._$AH=R,this._$AN=void 0,this._$AA=L,this._$AB=C,this._$AM=H,this.options=V,this._$Cv=V?.isConnected??!0}get parentNode(){let L=this._$AA.parentNode,C=this._$AM;return C!==void 0&&L?.nodeType===11&&(L=C.parentNode),L}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(L,C=this){L=E1(this,L,C),l2(L)?L===R||L==null||L===""?(this._$AH!==R&&this._$AR(),this._$AH=R):L!==this._$AH&&L!==u1&&this._(L):L._$litType$!==void 0?this.$(L):L.nodeType!==void 0?this.T(L):f3(L)?this.k(L):this._(L)}O(L){return this._$AA.parentNode.insertBefore(L,this._$AB)}T(L){this._$AH!==L&&(this._$AR(),this._$AH=this.O(L))}_(L){this._$AH!==R&&l2(this._$AH)?this._$AA.nextSibling.data=L:this.T(F1.createTextNode(L)),this._$AH=L}$(L){let{values:C,_$litType$:H}=L,V=typeof H=="number"?this._$AC(L):(H.el===void 0&&(H.el=m2.createElement(b3(H.h,H.h[0]),this.options)),H);if(this._$AH?._$AD===V)this._$AH.p(C);else{let e=new E2(V,this),t=e.u(this.options);e.p(C),this.T(t),this._$AH=e}}_$AC(L){let C=g3.get(L.strings);return C===void 0&&g3.set(L.strings,C=new m2(L)),C}k(L){x5(this._$AH)||(this._$AH=[],this._$AR());let C=this._$AH,H,V=0;for(let e of L)V===C.length?C.push(H=new r(this.O(s2()),this.O(s2()),this,this.options)):H=C[V],H._$AI(e),V++;V<C.length&&(this._$AR(H&&H._$AB.nextSibling,V),C.length=V)}_$AR(L=this._$AA.nextSibling,C){for(this._$AP?.(!1,!0,C);L!==this._$AB;){let H=x3(L).nextSibling;x3(L).remove(),L=H}}setConnected(L){this._$AM===void 0&&(this._$Cv=L,this._$AP?.(L))}},_1=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(L,C,H,V,e){this.type=1,this._$AH=R,this._$AN=void 0,this.element=L,this.name=C,this._$AM=V,this.options=e,H.length>2||H[0]!==""||H[1]!==""?(this._$AH=Array(H.length-1).fill(new String),this.strings=H):this._$AH=R}_$AI(L,C=this,H,V){let e=this.strings,t=!1;if(e===void 0)L=E1(this,L,C,0),t=!l2(L)||L!==this._$AH&&L!==u1,t&&(this._$AH=L);else{let o=L,a,l;for(L=e[0],a=0;a<e.length-1;a++)l=E1(this,o[H+a],C,a),l===u1&&(l=this._$AH[a]),t||=!l2(l)||l!==this._$AH[a],l===R?L=R:L!==R&&(L+=(l??"")+e[a+1]),this._$AH[a]=l}t&&!V&&this.j(L)}j(L){L===R?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,L??"")}},_2=class extends _1{constructor(){super(...arguments),this.type=3}j(L){this.element[this.name]=L===R?void 0:L}},D2=class extends _1{constructor(){super(...arguments),this.type=4}j(L){this.element.toggleAttribute(this.name,!!L&&L!==R)}},N2=class extends _1{constructor(L,C,H,V,e){super(L,C,H,V,e),this.type=5}_$AI(L,C=this){if((L=E1(this,L,C,0)??R)===u1)return;let H=this._$AH,V=L===R&&H!==R||L.capture!==H.capture||L.once!==H.once||L.passive!==H.passive,e=L!==R&&(H===R||V);V&&this.element.removeEventListener(this.name,this,H),e&&this.element.addEventListener(this.name,this,L),this._$AH=L}handleEvent(L){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,L):this._$AH.handleEvent(L)}},z2=class{constructor(L,C,H){this.element=L,this.type=6,this._$AN=void 0,this._$AM=C,this.options=H}get _$AU(){return this._$AM._$AU}_$AI(L){E1(this,L)}},w3={M:m5,P:c1,A:v5,C:1,L:y3,R:E2,D:f3,V:E1,I:X1,H:_1,N:D2,U:N2,B:_2,F:z2},N0=l5.litHtmlPolyfillSupport;N0?.(m2,X1),(l5.litHtmlVersions??=[]).push("3.3.3");var k3=(r,L,C)=>{let H=C?.renderBefore??L,V=H._$litPart$;if(V===void 0){let e=C?.renderBefore??null;H._$litPart$=V=new X1(L.insertBefore(s2(),e),e,void 0,C??{})}return V._$AI(r),V};var u5=globalThis,X=class extends x1{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let L=super.createRenderRoot();return this.renderOptions.renderBefore??=L.firstChild,L}update(L){let C=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(L),this._$Do=k3(C,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return u1}};X._$litElement$=!0,X.finalized=!0,u5.litElementHydrateSupport?.({LitElement:X});var z0=u5.litElementPolyfillSupport;z0?.({LitElement:X});(u5.litElementVersions??=[]).push("4.2.2");var I0={attribute:!0,type:String,converter:d2,reflect:!1,hasChanged:R2},W0=(r=I0,L,C)=>{let{kind:H,metadata:V}=C,e=globalThis.litPropertyMetadata.get(V);if(e===void 0&&globalThis.litPropertyMetadata.set(V,e=new Map),H==="setter"&&((r=Object.create(r)).wrapped=!0),e.set(C.name,r),H==="accessor"){let{name:t}=C;return{set(o){let a=L.get.call(this);L.set.call(this,o),this.requestUpdate(t,a,r,!0,o)},init(o){return o!==void 0&&this.C(t,void 0,r,o),o}}}if(H==="setter"){let{name:t}=C;return function(o){let a=this[t];L.call(this,o),this.requestUpdate(t,a,r,!0,o)}}throw Error("Unsupported decorator location: "+H)};function p(r){return(L,C)=>typeof C=="object"?W0(r,L,C):((H,V,e)=>{let t=V.hasOwnProperty(e);return V.constructor.createProperty(e,H),t?Object.getOwnPropertyDescriptor(V,e):void 0})(r,L,C)}function A(r){return p({...r,state:!0,attribute:!1})}var D1=(r,L,C)=>(C.configurable=!0,C.enumerable=!0,Reflect.decorate&&typeof L!="object"&&Object.defineProperty(r,L,C),C);function U(r,L){return(C,H,V)=>{let e=t=>t.renderRoot?.querySelector(r)??null;if(L){let{get:t,set:o}=typeof H=="object"?C:V??(()=>{let a=Symbol();return{get(){return this[a]},set(l){this[a]=l}}})();return D1(C,H,{get(){let a=t.call(this);return a===void 0&&(a=e(this),(a!==null||this.hasUpdated)&&o.call(this,a)),a}})}return D1(C,H,{get(){return e(this)}})}}var y1=class extends Error{constructor(L,C){super(`${L||"message"}: not ${C}`),this.name="ShapeError"}},n=(r,L="")=>{if(typeof r!="string")throw new y1(L,"a text");return r},d=(r,L="")=>{if(typeof r!="number"||!Number.isFinite(r))throw new y1(L,"a number");return r},P=(r,L="")=>{if(typeof r!="boolean")throw new y1(L,"true or false");return r},Y1=r=>r,S=r=>(L,C="")=>L==null?null:r(L,C),O=r=>(L,C="")=>{if(!Array.isArray(L))throw new y1(C,"a list");return L.map((H,V)=>r(H,`${C}[${V}]`))},v2=r=>(L,C="")=>Object.fromEntries(Object.entries($3(L,C)).map(([H,V])=>[H,r(V,`${C}.${H}`)])),Z5=(...r)=>(L,C="")=>{let H=n(L,C);if(!r.includes(H))throw new y1(C,r.join(", "));return H},s=r=>(L,C="")=>{let H=$3(L,C);return Object.fromEntries(Object.entries(r).map(([V,e])=>[V,e(H[V],`${C}.${V}`)]))};function $3(r,L){if(typeof r!="object"||r===null||Array.isArray(r))throw new y1(L,"an object");return r}var U0=s({clip_id:n,start:d,end:d}),G0=s({camera_id:n,name:n,place:n,entity_id:S(n),state:n,reason:n,detail:v2(n),last_clip:S(U0),armed:P,switch:S(n),private:P,view:n,privacy_switch:S(n),zones:d,mode:n,clips:d}),Q0=s({fault:n,time_zone:n,purpose:n,retention_days:S(d),overdue:S(d),altered:S(d),verifying:S(d),verified:S(d),problems:S(d),wiping:S(d)}),K0=s({disclosure_id:n,size:d,sent:S(d),fetched:P,seconds_left:d}),P3=s({version:n,clips:d,duties:d,running:P,role:Z5("administrator","viewer","none"),cameras:O(G0),site:S(Q0),downloads:O(K0)}),q0=s({kind:n,entity_id:S(n),reason:S(n)}),T3={clip_id:n,camera_id:n,start:d,end:d,size:d,trigger:q0,hold:S(s({until:d,reason:S(n)})),expires:S(d),recovered:P,has_audio:P,clock_error:d,thumbnail:n},j0=s(T3),h5=s({name:n,points:n}),B3=s({clips:O(j0),total:d}),R3=s({days:O(s({start:d,clips:d}))}),S5=s({clip:s({...T3,link:n,sha256:n,width:d,height:d,frames:d,camera_name:n,place:n,purpose:n,operator:n,zones:O(h5),frame_rate_lowered:P,adaptive:P,encoder:n,sound:n,end_reason:n,older:S(n),newer:S(n)})}),X0=s({clip_id:n,camera_id:n,start:d,end:d,held:P,expires:S(d)}),Y0=s({camera_id:n,start:d,end:S(d),cause:n}),I2=s({clips:O(X0),gaps:O(Y0),shown:d,total:d}),g5=s({name:n,zones:O(h5),revision:n,reference:S(O(d)),size:S(O(d)),max_points:d,max_zones:d}),F3=s({name:n,mode:n,enabled:P,triggers:P,sensitivity:d,least_height:d,leave_out:O(h5),max_points:d,max_zones:d}),E3=s({image:n,width:d,height:d,things:d,tallest:d}),J1=s({}),_3=s({image:n,width:d,height:d}),D3=s({image:n,width:d,height:d,covered:d}),N3=s({revision:n}),z3=s({sources:O(s({entity_id:n,name:n})),trigger_domains:O(n)}),I3=s({camera_id:n}),W3=s({parts:O(s({clip_id:n,camera_id:n,clip_start:d,clip_end:d,start:d,end:d,whole:P,size:d}))}),U3=s({disclosure_id:n,form:n,password:S(n),size:d,seconds_left:d,bundle:n,receipt:n}),G3=s({clips:d,size:d,held:d,oldest:S(d),newest:S(d)}),J0=s({seq:d,time:d,event:n,head:n,signed:P,body:S(v2(Y1))}),C2=s({entries:O(J0),more:P,total:d,head:n}),d1=s({link:n}),f5=s({what:n,clause:n,due:S(n),late:P,record_id:n,number:n,subject:n}),Q3={record_id:n,kind:n,number:n,revision:d,title:n,created:d,changed:d,closed_on:S(n),attached:P,duty:S(f5)},C7=s({name:n,type:n,required:P,choices:O(n)}),W2=s({today:n,kinds:O(s({kind:n,total:d,open:d,late:d,pictured:P,fields:O(C7)})),duties:O(f5),users:O(s({user_id:n,name:n,administrator:P})),unreadable:O(s({record_id:n,kind:n,number:n,reason:n})),not_in_kit:d,checked:S(d),line_max:d,text_max:d}),K3=s({records:O(s(Q3)),total:d}),O5=s({...Q3,fields:v2(Y1),picture:n,letters:O(n)}),q3=s({code:n,clips:d,records:d,left_out:d}),j3=s({met:d,total:d}),U2=s({html:n,json:n,sig:n,pem:n}),X3=s({sites:O(s({site_id:n,name:n,url:n}))}),Y3=s({version:d,cameras:O(s({name:n,state:n})),duties:s({open:d,late:d}),gaps:s({count:d,latest:O(s({camera:n,start:d,end:S(d)}))}),storage:s({used:d,free:S(d),total:S(d),fault:n}),copies_waiting:d}),J3=s({checklist:O(s({clause:n,state:Z5("met","open"),facts:v2(Y1),duties:O(f5)})),days:O(s({start:d,clips:d,size:d,held:d})),retention_days:d,storage:s({path:n,used:d,fault:n,min_free:d,free:S(d),total:S(d),per_day:S(d)}),copies:O(s({destination_id:n,title:n,kind:n,place:n,fault:n,copied:S(d),waiting:d,size_bytes:d,refused:d,last_us:S(d),escrow_hours:d,escrow_us:S(d),escrow_clips:d,bringing:S(s({count:d,done:d,missing:d,fault:n,ended:P}))})),hosts:O(s({host_id:n,title:n,kind:n,place:n,fault:n,detail:n,well:P,cameras:d,cores:d,idle_cores:d,free_bytes:d,python:n,av:n})),keys:s({split:S(P),root_path:n,kit_missing:P,kits:d,held:d,holds_due:d,records:d,records_not_in_kit:d,records_locked:d}),exposure:O(s({camera_id:n,name:n,entity_id:n,people:O(n),dashboards:O(n),assistants:O(n),automations:O(n),integrations:O(n)}))}),C0=s({disclosure_id:n}),H0=s({certificate_id:n,certificate_link:n,wiped:d,skipped_held:d,failed:d}),V0=s({ok:P,entries:d,head:n,clips_checked:d,problems:O(s({problem:n,message:n,seq:d,clip_id:n,detail:n}))});var x2=class extends Error{constructor(C,H,V={}){super(H);this.key=C;this.placeholders=V;this.name="Refused"}},G2=class{constructor(L){this.transport=L}async call(L,C,H){return H(await this.send({type:`camguard/${L}`,...C}))}async act(L,C,H){let V=await this.send({type:"call_service",domain:"camguard",service:L,service_data:C,return_response:!0});return H(V.response)}async send(L){try{return await this.transport().callWS(L)}catch(C){throw D(C)}}async follow(L,C){let H=V=>{let e;try{e=P3(V)}catch{C();return}L(e)};return this.transport().connection.subscribeMessage(H,{type:"camguard/subscribe"})}};function D(r){if(r instanceof x2)return r;if(typeof r=="object"&&r!==null){let{code:L,message:C,translation_key:H,translation_domain:V,translation_placeholders:e}=r,o=V==="camguard"&&typeof H=="string"?H:typeof L=="string"?L:"",a=Object.fromEntries(Object.entries(e??{}).map(([l,f])=>[l,String(f)]));return new x2(o,typeof C=="string"?C:"",a)}return new x2(r===3?"connection_lost":"","")}function c(r,L){customElements.get(r)||customElements.define(r,L)}var b5="M10 12C12.21 12 14 10.21 14 8S12.21 4 10 4 6 5.79 6 8 7.79 12 10 12M10 6C11.11 6 12 6.9 12 8S11.11 10 10 10 8 9.11 8 8 8.9 6 10 6M9.27 20H2V17C2 14.33 7.33 13 10 13C11.04 13 12.5 13.21 13.86 13.61C13 13.95 12.2 14.42 11.5 15C11 14.94 10.5 14.9 10 14.9C7.03 14.9 3.9 16.36 3.9 17V18.1H9.22C9.2 18.15 9.17 18.2 9.14 18.25L8.85 19L9.14 19.75C9.18 19.83 9.23 19.91 9.27 20M17 18C17.56 18 18 18.44 18 19S17.56 20 17 20 16 19.56 16 19 16.44 18 17 18M17 15C14.27 15 11.94 16.66 11 19C11.94 21.34 14.27 23 17 23S22.06 21.34 23 19C22.06 16.66 19.73 15 17 15M17 21.5C15.62 21.5 14.5 20.38 14.5 19S15.62 16.5 17 16.5 19.5 17.62 19.5 19 18.38 21.5 17 21.5Z";var y5="M12,5A3.5,3.5 0 0,0 8.5,8.5A3.5,3.5 0 0,0 12,12A3.5,3.5 0 0,0 15.5,8.5A3.5,3.5 0 0,0 12,5M12,7A1.5,1.5 0 0,1 13.5,8.5A1.5,1.5 0 0,1 12,10A1.5,1.5 0 0,1 10.5,8.5A1.5,1.5 0 0,1 12,7M5.5,8A2.5,2.5 0 0,0 3,10.5C3,11.44 3.53,12.25 4.29,12.68C4.65,12.88 5.06,13 5.5,13C5.94,13 6.35,12.88 6.71,12.68C7.08,12.47 7.39,12.17 7.62,11.81C6.89,10.86 6.5,9.7 6.5,8.5C6.5,8.41 6.5,8.31 6.5,8.22C6.2,8.08 5.86,8 5.5,8M18.5,8C18.14,8 17.8,8.08 17.5,8.22C17.5,8.31 17.5,8.41 17.5,8.5C17.5,9.7 17.11,10.86 16.38,11.81C16.5,12 16.63,12.15 16.78,12.3C16.94,12.45 17.1,12.58 17.29,12.68C17.65,12.88 18.06,13 18.5,13C18.94,13 19.35,12.88 19.71,12.68C20.47,12.25 21,11.44 21,10.5A2.5,2.5 0 0,0 18.5,8M12,14C9.66,14 5,15.17 5,17.5V19H19V17.5C19,15.17 14.34,14 12,14M4.71,14.55C2.78,14.78 0,15.76 0,17.5V19H3V17.07C3,16.06 3.69,15.22 4.71,14.55M19.29,14.55C20.31,15.22 21,16.06 21,17.07V19H24V17.5C24,15.76 21.22,14.78 19.29,14.55M12,16C13.53,16 15.24,16.5 16.23,17H7.77C8.76,16.5 10.47,16 12,16Z";var w5="M16 9C16 14.33 8 14.33 8 9H10C10 11.67 14 11.67 14 9M20 18V21H4V18C4 15.33 9.33 14 12 14C14.67 14 20 15.33 20 18M18.1 18C18.1 17.36 14.97 15.9 12 15.9C9.03 15.9 5.9 17.36 5.9 18V19.1H18.1M12.5 2C12.78 2 13 2.22 13 2.5V5.5H14V3C15.45 3.67 16.34 5.16 16.25 6.75C16.25 6.75 16.95 6.89 17 8H7C7 6.89 7.75 6.75 7.75 6.75C7.66 5.16 8.55 3.67 10 3V5.5H11V2.5C11 2.22 11.22 2 11.5 2";var T="M11,15H13V17H11V15M11,7H13V13H11V7M12,2C6.47,2 2,6.5 2,12A10,10 0 0,0 12,22A10,10 0 0,0 22,12A10,10 0 0,0 12,2M12,20A8,8 0 0,1 4,12A8,8 0 0,1 12,4A8,8 0 0,1 20,12A8,8 0 0,1 12,20Z";var k5="M10,21V19H6.41L10.91,14.5L9.5,13.09L5,17.59V14H3V21H10M14.5,10.91L19,6.41V10H21V3H14V5H17.59L13.09,9.5L14.5,10.91Z";var Q="M20,11V13H8L13.5,18.5L12.08,19.92L4.16,12L12.08,4.08L13.5,5.5L8,11H20Z";var $5="M18,11V12.5C21.19,12.5 23.09,16.05 21.33,18.71L20.24,17.62C21.06,15.96 19.85,14 18,14V15.5L15.75,13.25L18,11M18,22V20.5C14.81,20.5 12.91,16.95 14.67,14.29L15.76,15.38C14.94,17.04 16.15,19 18,19V17.5L20.25,19.75L18,22M19,3H18V1H16V3H8V1H6V3H5A2,2 0 0,0 3,5V19A2,2 0 0,0 5,21H14C13.36,20.45 12.86,19.77 12.5,19H5V8H19V10.59C19.71,10.7 20.39,10.94 21,11.31V5A2,2 0 0,0 19,3Z";var N1="M6.03 12.03L8.03 15.5L5.5 18.68L2 12.62L6.03 12.03M17 18V15.29C17.88 14.9 18.5 14.03 18.5 13C18.5 12.43 18.3 11.9 17.97 11.5L19.94 10.35C20.95 9.76 21.3 8.47 20.71 7.46L19.33 5.06C18.74 4.05 17.45 3.7 16.44 4.28L8.31 9C7.36 9.53 7.03 10.75 7.58 11.71L9.08 14.31C9.63 15.26 10.86 15.59 11.81 15.04L13.69 13.96C13.94 14.55 14.41 15.03 15 15.29V18C15 19.1 15.9 20 17 20H22V18H17Z",z1="M20.84 22.73L18.11 20H17C15.9 20 15 19.1 15 18V16.89L12.66 14.55L11.81 15.04C10.86 15.59 9.63 15.26 9.08 14.31L7.58 11.71C7.18 11 7.25 10.18 7.68 9.57L1.11 3L2.39 1.73L22.11 21.46L20.84 22.73M18.5 13C18.5 12.43 18.3 11.9 17.97 11.5L19.94 10.35C20.95 9.76 21.3 8.47 20.71 7.46L19.33 5.06C18.74 4.05 17.45 3.7 16.44 4.28L10.77 7.57L17.86 14.66C18.26 14.22 18.5 13.64 18.5 13M2 12.62L5.5 18.68L8.03 15.5L6.03 12.03L2 12.62Z";var t1="M12 2C6.5 2 2 6.5 2 12S6.5 22 12 22 22 17.5 22 12 17.5 2 12 2M12 20C7.59 20 4 16.41 4 12S7.59 4 12 4 20 7.59 20 12 16.41 20 12 20M16.59 7.58L10 14.17L7.41 11.59L6 13L10 17L18 9L16.59 7.58Z";var P5="M15.41,16.58L10.83,12L15.41,7.41L14,6L8,12L14,18L15.41,16.58Z";var c2="M8.59,16.58L13.17,12L8.59,7.41L10,6L16,12L10,18L8.59,16.58Z";var T5="M12,2A10,10 0 0,0 2,12A10,10 0 0,0 12,22A10,10 0 0,0 22,12A10,10 0 0,0 12,2Z";var u2="M19,3H14.82C14.4,1.84 13.3,1 12,1C10.7,1 9.6,1.84 9.18,3H5A2,2 0 0,0 3,5V19A2,2 0 0,0 5,21H19A2,2 0 0,0 21,19V5A2,2 0 0,0 19,3M12,3A1,1 0 0,1 13,4A1,1 0 0,1 12,5A1,1 0 0,1 11,4A1,1 0 0,1 12,3M7,7H17V5H19V19H5V5H7V7M7.5,13.5L9,12L11,14L15.5,9.5L17,11L11,17L7.5,13.5Z";var Z2="M12,20A8,8 0 0,0 20,12A8,8 0 0,0 12,4A8,8 0 0,0 4,12A8,8 0 0,0 12,20M12,2A10,10 0 0,1 22,12A10,10 0 0,1 12,22C6.47,22 2,17.5 2,12A10,10 0 0,1 12,2M12.5,7V12.25L17,14.92L16.25,16.15L11,13V7H12.5Z";var h2="M19,6.41L17.59,5L12,10.59L6.41,5L5,6.41L10.59,12L5,17.59L6.41,19L12,13.41L17.59,19L19,17.59L13.41,12L19,6.41Z";var S2="M3.05,13H1V11H3.05C3.5,6.83 6.83,3.5 11,3.05V1H13V3.05C17.17,3.5 20.5,6.83 20.95,11H23V13H20.95C20.5,17.17 17.17,20.5 13,20.95V23H11V20.95C6.83,20.5 3.5,17.17 3.05,13M12,5A7,7 0 0,0 5,12A7,7 0 0,0 12,19A7,7 0 0,0 19,12A7,7 0 0,0 12,5Z";var Y="M6,19A2,2 0 0,0 8,21H16A2,2 0 0,0 18,19V7H6V19M8,9H16V19H8V9M15.5,4L14.5,3H9.5L8.5,4H5V6H19V4H15.5Z";var p1="M5,20H19V18H5M19,9H15V3H9V9H5L12,16L19,9Z";var H2="M2,5.27L3.28,4L20,20.72L18.73,22L15.65,18.92C14.5,19.3 13.28,19.5 12,19.5C7,19.5 2.73,16.39 1,12C1.69,10.24 2.79,8.69 4.19,7.46L2,5.27M12,9A3,3 0 0,1 15,12C15,12.35 14.94,12.69 14.83,13L11,9.17C11.31,9.06 11.65,9 12,9M12,4.5C17,4.5 21.27,7.61 23,12C22.18,14.08 20.79,15.88 19,17.19L17.58,15.76C18.94,14.82 20.06,13.54 20.82,12C19.17,8.64 15.76,6.5 12,6.5C10.91,6.5 9.84,6.68 8.84,7L7.3,5.47C8.74,4.85 10.33,4.5 12,4.5M3.18,12C4.83,15.36 8.24,17.5 12,17.5C12.69,17.5 13.37,17.43 14,17.29L11.72,15C10.29,14.85 9.15,13.71 9,12.28L5.6,8.87C4.61,9.72 3.78,10.78 3.18,12Z",Q2="M12,9A3,3 0 0,1 15,12A3,3 0 0,1 12,15A3,3 0 0,1 9,12A3,3 0 0,1 12,9M12,4.5C17,4.5 21.27,7.61 23,12C21.27,16.39 17,19.5 12,19.5C7,19.5 2.73,16.39 1,12C2.73,7.61 7,4.5 12,4.5M3.18,12C4.83,15.36 8.24,17.5 12,17.5C15.76,17.5 19.17,15.36 20.82,12C19.17,8.64 15.76,6.5 12,6.5C8.24,6.5 4.83,8.64 3.18,12Z";var K2="M23.5 17L18.5 22L15 18.5L16.5 17L18.5 19L22 15.5L23.5 17M6 2C4.89 2 4 2.9 4 4V20C4 21.11 4.89 22 6 22H13.81C13.45 21.38 13.2 20.7 13.08 20H6V4H13V9H18V13.08C18.33 13.03 18.67 13 19 13C19.34 13 19.67 13.03 20 13.08V8L14 2M8 12V14H16V12M8 16V18H13V16Z";var w1="M18,9H16V7H18M18,13H16V11H18M18,17H16V15H18M8,9H6V7H8M8,13H6V11H8M8,17H6V15H8M18,3V5H16V3H8V5H6V3H4V21H6V19H8V21H16V19H18V21H20V3H18Z";var I1="M6.1,10L4,18V8H21A2,2 0 0,0 19,6H12L10,4H4A2,2 0 0,0 2,6V18A2,2 0 0,0 4,20H19C19.9,20 20.7,19.4 20.9,18.5L23.2,10H6.1M19,18H6L7.6,12H20.6L19,18Z";var g2="M22 15V16L14 18.5L7 16.6V18H1V7H9L15.2 9.3C16.2 9.7 17 10.8 17 12H19C20.7 12 22 13.3 22 15M5 16V9H3V16H5M19.9 14.6C19.7 14.2 19.4 14 19 14H13.6C13.1 14 12.5 13.9 12 13.8L9.7 13L10.3 11.1L12.7 11.9C13 11.9 15 12 15 12C15 11.6 14.8 11.3 14.4 11.2L8.6 9H7V14.5L14 16.4L19.9 14.6Z";var f2="M12 9A1 1 0 1 0 13 10A1 1 0 0 0 12 9M12 9A1 1 0 1 0 13 10A1 1 0 0 0 12 9M18 2H6A2 2 0 0 0 4 4V13.09A5.47 5.47 0 0 1 5 13A5.71 5.71 0 0 1 7 13.36A6 6 0 1 1 15.71 14.69L13.79 12.27A1 1 0 0 0 12.42 11.9L11.56 12.4A1 1 0 0 0 11.19 13.77L12.1 16A6.12 6.12 0 0 1 10 15.62A6 6 0 0 1 10.19 22H18A2 2 0 0 0 20 20V4A2 2 0 0 0 18 2M14.58 19.58L12.09 13.27L12.95 12.77L17.17 18.08M12 11A1 1 0 1 0 11 10A1 1 0 0 0 12 11M7.12 22.54L5 20.41L2.88 22.54L1.46 21.12L3.59 19L1.46 16.88L2.88 15.46L5 17.59L7.12 15.46L8.54 16.88L6.41 19L8.54 21.12Z";var Z1="M11,9H13V7H11M12,20C7.59,20 4,16.41 4,12C4,7.59 7.59,4 12,4C16.41,4 20,7.59 20,12C20,16.41 16.41,20 12,20M12,2A10,10 0 0,0 2,12A10,10 0 0,0 12,22A10,10 0 0,0 22,12A10,10 0 0,0 12,2M11,17H13V11H11V17Z";var V2="M22,18V22H18V19H15V16H12L9.74,13.74C9.19,13.91 8.61,14 8,14A6,6 0 0,1 2,8A6,6 0 0,1 8,2A6,6 0 0,1 14,8C14,8.61 13.91,9.19 13.74,9.74L22,18M7,5A2,2 0 0,0 5,7A2,2 0 0,0 7,9A2,2 0 0,0 9,7A2,2 0 0,0 7,5Z";var B5="M10 13C11.1 13 12 13.89 12 15C12 16.11 11.11 17 10 17S8 16.11 8 15 8.9 13 10 13M18 1C15.24 1 13 3.24 13 6V8H4C2.9 8 2 8.9 2 10V20C2 21.1 2.9 22 4 22H16C17.1 22 18 21.1 18 20V10C18 8.9 17.1 8 16 8H15V6C15 4.34 16.34 3 18 3S21 4.34 21 6V8H23V6C23 3.24 20.76 1 18 1M16 10V20H4V10H16Z",J="M12,17C10.89,17 10,16.1 10,15C10,13.89 10.89,13 12,13A2,2 0 0,1 14,15A2,2 0 0,1 12,17M18,20V10H6V20H18M18,8A2,2 0 0,1 20,10V20A2,2 0 0,1 18,22H6C4.89,22 4,21.1 4,20V10C4,8.89 4.89,8 6,8H7V6A5,5 0 0,1 12,1A5,5 0 0,1 17,6V8H18M12,3A3,3 0 0,0 9,6V8H15V6A3,3 0 0,0 12,3Z";var R5="M15.5,14H14.71L14.43,13.73C15.41,12.59 16,11.11 16,9.5A6.5,6.5 0 0,0 9.5,3A6.5,6.5 0 0,0 3,9.5A6.5,6.5 0 0,0 9.5,16C11.11,16 12.59,15.41 13.73,14.43L14,14.71V15.5L19,20.5L20.5,19L15.5,14M9.5,14C7,14 5,12 5,9.5C5,7 7,5 9.5,5C12,5 14,7 14,9.5C14,12 12,14 9.5,14M7,9H12V10H7V9Z";var F5="M15.5,14L20.5,19L19,20.5L14,15.5V14.71L13.73,14.43C12.59,15.41 11.11,16 9.5,16A6.5,6.5 0 0,1 3,9.5A6.5,6.5 0 0,1 9.5,3A6.5,6.5 0 0,1 16,9.5C16,11.11 15.41,12.59 14.43,13.73L14.71,14H15.5M9.5,14C12,14 14,12 14,9.5C14,7 12,5 9.5,5C7,5 5,7 5,9.5C5,12 7,14 9.5,14M12,10H10V12H9V10H7V9H9V7H10V9H12V10Z";var E5="M3,6H21V8H3V6M3,11H21V13H3V11M3,16H21V18H3V16Z";var _5="M13,10H11V6H13V10M13,12H11V14H13V12M22,4V16A2,2 0 0,1 20,18H6L2,22V4A2,2 0 0,1 4,2H20A2,2 0 0,1 22,4M20,4H4V17.2L5.2,16H20V4Z";var D5="M10,0.2C9,0.2 8.2,1 8.2,2C8.2,3 9,3.8 10,3.8C11,3.8 11.8,3 11.8,2C11.8,1 11,0.2 10,0.2M15.67,1A7.33,7.33 0 0,0 23,8.33V7A6,6 0 0,1 17,1H15.67M18.33,1C18.33,3.58 20.42,5.67 23,5.67V4.33C21.16,4.33 19.67,2.84 19.67,1H18.33M21,1A2,2 0 0,0 23,3V1H21M7.92,4.03C7.75,4.03 7.58,4.06 7.42,4.11L2,5.8V11H3.8V7.33L5.91,6.67L2,22H3.8L6.67,13.89L9,17V22H10.8V15.59L8.31,11.05L9.04,8.18L10.12,10H15V8.2H11.38L9.38,4.87C9.08,4.37 8.54,4.03 7.92,4.03Z";var W1="M17,4V10L15,8L13,10V4H9V20H19V4H17M3,7V5H5V4C5,2.89 5.9,2 7,2H19C20.05,2 21,2.95 21,4V20C21,21.05 20.05,22 19,22H7C5.95,22 5,21.05 5,20V19H3V17H5V13H3V11H5V7H3M5,5V7H7V5H5M5,19H7V17H5V19M5,13H7V11H5V13Z";var N5="M8,5.14V19.14L19,12.14L8,5.14Z";var o1="M19,13H13V19H11V13H5V11H11V5H13V11H19V13Z";var C1="M19 8C20.66 8 22 9.34 22 11V17H18V21H6V17H2V11C2 9.34 3.34 8 5 8H6V3H18V8H19M8 5V8H16V5H8M16 19V15H8V19H16M18 15H20V11C20 10.45 19.55 10 19 10H5C4.45 10 4 10.45 4 11V15H6V13H18V15M19 11.5C19 12.05 18.55 12.5 18 12.5C17.45 12.5 17 12.05 17 11.5C17 10.95 17.45 10.5 18 10.5C18.55 10.5 19 10.95 19 11.5Z";var z5="M12.5,5A7.5,7.5 0 0,0 5,12.5A7.5,7.5 0 0,0 12.5,20A7.5,7.5 0 0,0 20,12.5A7.5,7.5 0 0,0 12.5,5M7,10H9A1,1 0 0,1 10,11V12C10,12.5 9.62,12.9 9.14,12.97L10.31,15H9.15L8,13V15H7M12,10H14V11H12V12H14V13H12V14H14V15H12A1,1 0 0,1 11,14V11A1,1 0 0,1 12,10M16,10H18V11H16V14H18V15H16A1,1 0 0,1 15,14V11A1,1 0 0,1 16,10M8,11V12H9V11";var O2="M4,6V19H20V6H4M18,17H6V8H18V17Z";var b2="M18.4,10.6C16.55,9 14.15,8 11.5,8C6.85,8 2.92,11.03 1.54,15.22L3.9,16C4.95,12.81 7.95,10.5 11.5,10.5C13.45,10.5 15.23,11.22 16.62,12.38L13,16H22V7L18.4,10.6Z";var I5="M21,11C21,16.55 17.16,21.74 12,23C6.84,21.74 3,16.55 3,11V5L12,1L21,5V11M12,21C15.75,20 19,15.54 19,11.22V6.3L12,3.18L5,6.3V11.22C5,15.54 8.25,20 12,21M10,17L6,13L7.41,11.59L10,14.17L16.59,7.58L18,9";var W5="M2,3H22V13H18V21H16V13H8V21H6V13H2V3M18.97,11L20,9.97V7.15L16.15,11H18.97M13.32,11L19.32,5H16.5L10.5,11H13.32M7.66,11L13.66,5H10.83L4.83,11H7.66M5.18,5L4,6.18V9L8,5H5.18Z";var U5="M16,18H18V6H16M6,18L14.5,12L6,6V18Z";var G5="M6,18V6H8V18H6M9.5,12L18,6V18L9.5,12Z";var Q5="M19,5V19H16V5M14,5V19L3,12";var K5="M5,5V19H8V5M10,5V19L21,12";var y2="M12.5,8C9.85,8 7.45,9 5.6,10.6L2,7V16H11L7.38,12.38C8.77,11.22 10.54,10.5 12.5,10.5C16.04,10.5 19.05,12.81 20.1,16L22.47,15.22C21.08,11.03 17.15,8 12.5,8Z";var h1="M2,2V8H4.28L5.57,16H4V22H10V20.06L15,20.05V22H21V16H19.17L20,9H22V3H16V6.53L14.8,8H9.59L8,5.82V2M4,4H6V6H4M18,5H20V7H18M6.31,8H7.11L9,10.59V14H15V10.91L16.57,9H18L17.16,16H15V18.06H10V16H7.6M11,10H13V12H11M6,18H8V20H6M17,18H19V20H17";var q5="M10 3.25C10 3.25 4 10 4 14C4 17.31 6.69 20 10 20S16 17.31 16 14C16 10 10 3.25 10 3.25M10 18C7.79 18 6 16.21 6 14C6 12.23 8 8.96 10 6.39C12 8.95 14 12.23 14 14C14 16.21 12.21 18 10 18M20 7V13H18V7H20M18 17H20V15H18V17Z";var q2=class extends X{constructor(){super(...arguments);this.path=""}static{this.styles=v`
    :host {
      display: inline-flex;
      width: var(--cg-icon-size, 24px);
      height: var(--cg-icon-size, 24px);
      flex: none;
    }
    svg {
      width: 100%;
      height: 100%;
      fill: currentcolor;
    }
  `}render(){return j`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d=${this.path}></path></svg>`}};i([p()],q2.prototype,"path",2);c("cg-icon",q2);function B(r){return M`<div class="empty" role="status">
    <progress aria-label=${r.texts.t("common.loading")}></progress>
    <p>${r.texts.t("common.loading")}</p>
  </div>`}function K(r,L,C=""){return M`<div class="empty">
    <cg-icon .path=${r}></cg-icon>
    <h3>${L}</h3>
    <p>${C}</p>
  </div>`}function y(r,L,C){return M`<div class="notice error" role="alert">
    <cg-icon .path=${T}></cg-icon>
    <div class="grow">
      <p>${r.texts.refusal(D(L))}</p>
      ${C?M`<button class="tonal" @click=${C}>${r.texts.t("common.again")}</button>`:""}
    </div>
  </div>`}function b(r,L,C=""){return M`<div class="notice ${C}">
    <cg-icon .path=${r}></cg-icon>
    <div class="grow">${L}</div>
  </div>`}var u=v`
  :host {
    color: var(--primary-text-color);
    font-family: var(--ha-font-family-body, Roboto, Noto, sans-serif);
    font-size: 14px;
    line-height: 1.45;
  }
  * {
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  h1,
  h2,
  h3 {
    font-weight: 400;
    margin: 0;
    line-height: 1.25;
    word-break: auto-phrase;
  }
  h2 {
    font-size: 24px;
  }
  h3 {
    font-size: 16px;
    font-weight: 500;
  }
  p {
    margin: 0 0 8px;
  }
  .page {
    max-width: 1200px;
    margin: 0 auto;
    padding: 16px;
  }
  .narrow-page {
    max-width: 720px;
  }
  .card {
    background: var(--ha-card-background, var(--card-background-color, #fff));
    border: var(--ha-card-border-width, 1px) solid var(--ha-card-border-color, var(--divider-color, #e0e0e0));
    border-radius: var(--ha-card-border-radius, 12px);
    box-shadow: var(--ha-card-box-shadow, none);
    overflow: hidden;
  }
  .card-content {
    padding: 16px;
  }
  .card-header {
    padding: 16px 16px 0;
    font-size: 20px;
  }
  .card-actions {
    padding: 8px;
    border-top: 1px solid var(--divider-color, #e0e0e0);
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
  }
  .secondary {
    color: var(--secondary-text-color);
  }
  .row {
    display: flex;
    gap: 8px;
    align-items: center;
    flex-wrap: wrap;
  }
  .grow {
    flex: 1;
    min-width: 0;
  }
  .stack > * + * {
    margin-top: 16px;
  }
  button,
  .button {
    font: inherit;
    font-weight: 500;
    min-height: 40px;
    padding: 0 16px;
    border: 0;
    border-radius: var(--ha-button-border-radius, 20px);
    background: transparent;
    color: var(--primary-text-color);
    cursor: pointer;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    text-decoration: none;
    -webkit-tap-highlight-color: transparent;
    touch-action: manipulation;
  }
  @media (pointer: coarse) {
    button,
    .button {
      min-height: 44px;
    }
  }
  button:hover,
  .button:hover {
    background: color-mix(in srgb, var(--primary-text-color) 8%, transparent);
  }
  button:focus-visible,
  .button:focus-visible,
  a:focus-visible,
  input:focus-visible,
  select:focus-visible,
  textarea:focus-visible,
  [tabindex]:focus-visible {
    outline: 2px solid var(--primary-color);
    outline-offset: 2px;
  }
  button.filled,
  .button.filled {
    background: var(--primary-color);
    color: var(--text-primary-color, #fff);
  }
  :host([data-light]) button.filled,
  button.filled,
  .button.filled {
    background: color-mix(in srgb, var(--primary-color) 80%, #000);
    color: #fff;
  }
  button.tonal,
  .button.tonal {
    background: color-mix(in srgb, var(--primary-color) 16%, transparent);
  }
  button.danger {
    background: color-mix(in srgb, var(--error-color, #db4437) 82%, #000);
    color: #fff;
  }
  button[disabled] {
    opacity: 0.45;
    cursor: default;
    pointer-events: none;
  }
  button.icon {
    min-width: 40px;
    padding: 0;
    width: 40px;
    border-radius: 50%;
    flex: none;
  }
  @media (pointer: coarse) {
    button.icon {
      width: 44px;
      height: 44px;
    }
  }
  button[aria-pressed="true"],
  button[aria-selected="true"] {
    background: color-mix(in srgb, var(--primary-color) 22%, transparent);
  }
  label.field {
    display: block;
    font-size: 12px;
    color: var(--secondary-text-color);
  }
  input,
  select,
  textarea {
    font: inherit;
    font-size: 16px;
    color: var(--primary-text-color);
    background: var(--secondary-background-color, #f5f5f5);
    border: 0;
    border-bottom: 1px solid var(--secondary-text-color);
    border-radius: 4px 4px 0 0;
    padding: 10px 12px;
    min-height: 44px;
    width: 100%;
    color-scheme: light dark;
  }
  label.field > :is(input, select, textarea) {
    margin-top: 4px;
  }
  input[type="checkbox"],
  input[type="radio"] {
    width: 20px;
    height: 20px;
    min-height: 0;
    accent-color: var(--primary-color);
    flex: none;
    margin: 0;
  }
  label.check {
    display: flex;
    gap: 12px;
    align-items: flex-start;
    padding: 10px 0;
    cursor: pointer;
  }
  label.option {
    border: 1px solid var(--divider-color, #e0e0e0);
    border-radius: 12px;
    padding: 12px 16px;
    margin-top: 8px;
    align-items: center;
  }
  .option:has(input:checked) {
    border-color: var(--primary-color);
    background: color-mix(in srgb, var(--primary-color) 8%, transparent);
  }
  a {
    color: var(--primary-text-color);
  }
  .notice {
    border-radius: 8px;
    padding: 12px 16px;
    background: color-mix(in srgb, var(--info-color, #039be5) 12%, transparent);
    display: flex;
    gap: 12px;
    align-items: flex-start;
    overflow-wrap: anywhere;
  }
  .notice.warning {
    background: color-mix(in srgb, var(--warning-color, #ffa600) 16%, transparent);
  }
  .notice.error {
    background: color-mix(in srgb, var(--error-color, #db4437) 14%, transparent);
  }
  .chip {
    min-height: 32px;
    padding: 0 12px;
    border: 1px solid var(--divider-color, #e0e0e0);
    border-radius: 8px;
    font-weight: 400;
  }
  @media (pointer: coarse) {
    .chip {
      min-height: 44px;
    }
  }
  .empty {
    text-align: center;
    padding: 48px 16px;
    color: var(--secondary-text-color);
  }
  .empty > * {
    margin-bottom: 12px;
  }
  .empty > cg-icon {
    --cg-icon-size: 48px;
  }
  dl {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 4px 16px;
    margin: 0;
  }
  dt {
    color: var(--secondary-text-color);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  code,
  .mono {
    font-family: var(--ha-font-family-code, monospace);
    font-size: 12px;
    overflow-wrap: anywhere;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  progress {
    width: 100%;
    height: 4px;
    accent-color: var(--primary-color);
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      animation: none !important;
      transition: none !important;
    }
  }
`;function g(r,L=!1){L?history.replaceState(null,"",r):history.pushState(null,"",r),window.dispatchEvent(new CustomEvent("location-changed",{detail:{replace:L}}))}var j2=class{constructor(L,C){this.language=L;this.zone=C;this.cache=new Map}time(L,C=!1){return this.date(L,{hour:"2-digit",minute:"2-digit",...C?{second:"2-digit"}:{},hourCycle:"h23"})}day(L){return this.date(L,{weekday:"long",year:"numeric",month:"long",day:"numeric"})}shortDay(L){return this.date(L,{year:"numeric",month:"short",day:"numeric"})}dayOfMonth(L){return this.date(L,{month:"numeric",day:"numeric"})}moment(L){return`${this.shortDay(L)} ${this.time(L,!0)}`}length(L){let C=Math.max(Math.round(L),0),[H,V]=[Math.floor(C/3600),Math.floor(C/60)%60],e=t=>String(t).padStart(2,"0");return H?`${H}:${e(V)}:${e(C%60)}`:`${V}:${e(C%60)}`}size(L){let C=["byte","kilobyte","megabyte","gigabyte","terabyte"],H=L<1e3?0:Math.min(Math.floor(Math.log10(L)/3),C.length-1),V=L/1e3**H;return new Intl.NumberFormat(this.language,{style:"unit",unit:C[H],maximumFractionDigits:V<10&&H?1:0}).format(V)}number(L){return new Intl.NumberFormat(this.language).format(L)}percent(L,C=0){return new Intl.NumberFormat(this.language,{style:"percent",maximumFractionDigits:C}).format(L)}relative(L,C){let H=L-C,V=[["day",86400],["hour",3600],["minute",60],["second",1]],[e,t]=V.find(([,o])=>Math.abs(H)>=o)??["second",1];return new Intl.RelativeTimeFormat(this.language,{numeric:"auto"}).format(Math.trunc(H/t),e)}date(L,C){let H=JSON.stringify(C),V=this.cache.get(H);return V||(V=new Intl.DateTimeFormat(this.language,{...C,timeZone:this.zone}),this.cache.set(H,V)),V.format(new Date(L*1e3))}};var j5=["cameras","clips","disclose","wipe","registers","ledger","overview"],L0=["cameras","clips"];function e0(r,L){let[C="",H="",V=""]=r.split("/").filter(Boolean).map(decodeURIComponent);return{page:j5.includes(C)?C:"cameras",id:H,part:V,query:new URLSearchParams(L)}}function m(r,L="",C="",H={}){let V=[r,L,C].filter(Boolean).map(encodeURIComponent).join("/"),e=new URLSearchParams(H).toString();return`/camguard/${V}${e?`?${e}`:""}`}function r0(r){let L=(r.get("t")??"").split(":").reduce((C,H)=>C*60+Number(H||NaN),0);return Number.isFinite(L)&&L>0?L:0}function H7(r,L){let[C="",H]=r.split("|");return(H===void 0||Number(L.count)===1?C:H).replace(/\{(\w+)\}/g,(e,t)=>String(L[t]??""))}var H1=r=>typeof r=="string"?r:"",X2=class{constructor(L,C){this.language=L;this.resources=C;this.t=(L,C={})=>this.raw(`config_panel.${L}`,C)??L.replace(/^.*\./,"").replaceAll("_"," ")}has(L){return`component.camguard.config_panel.${L}`in this.resources}fault(L,C={}){return L?this.raw(`exceptions.${L}.message`,C):null}refusal(L){return L.key==="connection_lost"?this.t("common.offline"):this.fault(L.key,L.placeholders)??(L.message||this.t("common.failed"))}raw(L,C){let H=this.resources[`component.camguard.${L}`];return H===void 0?null:H7(H,C)}};var S1=r=>r.news.role==="administrator";var h=class extends X{static{this.styles=u}t(L,C={}){return this.app.texts.t(L,C)}emit(L,C){this.dispatchEvent(new CustomEvent(L,{detail:C,bubbles:!0,composed:!0}))}};i([p({attribute:!1})],h.prototype,"app",2);var V7="ha-camera-stream",i1=class extends h{constructor(){super(...arguments);this.well=!1;this.private=!1;this.beat=0;this.name="";this.shown="";this.failed=!1;this.playing=!1;this.pause=()=>this.requestUpdate()}static{this.styles=[u,v`
      .frame {
        position: relative;
        aspect-ratio: 16 / 9;
        background: #111;
        color: #ddd;
        display: flex;
        align-items: center;
        justify-content: center;
        overflow: hidden;
      }
      img,
      ha-camera-stream {
        width: 100%;
        height: 100%;
        object-fit: contain;
        display: block;
      }
      .away {
        display: flex;
        flex-direction: column;
        align-items: center;
        gap: 8px;
      }
      .frame > button {
        position: absolute;
        background: rgba(0, 0, 0, 0.55);
        color: #fff;
        border-radius: 50%;
        width: 56px;
        height: 56px;
        min-width: 0;
        padding: 0;
        --cg-icon-size: 32px;
      }
      .frame > button.end {
        top: 8px;
        right: 8px;
        width: 44px;
        height: 44px;
        --cg-icon-size: 24px;
      }
    `]}connectedCallback(){super.connectedCallback(),document.addEventListener("visibilitychange",this.pause)}disconnectedCallback(){super.disconnectedCallback(),document.removeEventListener("visibilitychange",this.pause),this.playing=!1}willUpdate(C){C.has("well")&&!this.well&&(this.playing=!1)}updated(C){let H=this.picture;H||(this.shown="");let V=C.has("entity")||C.has("beat")||C.has("well")||C.has("private");if(!H||this.playing||!V)return;let e=new Image;e.onload=()=>{this.shown=e.src,this.failed=!1},e.onerror=()=>this.failed=!0,e.src=`${H}&width=720&t=${Date.now()}`}get picture(){let C=this.entity?.attributes.entity_picture;return(this.well||this.private)&&typeof C=="string"?C:""}render(){return M`<div class="frame">${this.playing&&!document.hidden?this.live():this.still()}</div>`}live(){let C=this.t("cameras.live_of",{camera:this.name}),H=customElements.get(V7)?M`<ha-camera-stream
          aria-label=${C}
          .hass=${this.hass}
          .stateObj=${this.entity}
          .muted=${!0}
          .controls=${!0}
          .fitMode=${"contain"}
        ></ha-camera-stream>`:M`<img src=${this.picture.replace("/camera_proxy/","/camera_proxy_stream/")} alt=${C} />`;return M`${H}<button
        class="end"
        @click=${()=>this.playing=!1}
        aria-label=${`${this.t("cameras.live_end")}: ${this.name}`}
      >
        <cg-icon .path=${h2}></cg-icon>
      </button>`}still(){let C=this.picture;if(!this.shown||!C){let H=C&&!this.failed?"common.loading":"cameras.no_picture";return M`<span class="away"
        ><cg-icon .path=${C?N1:z1}></cg-icon>${this.t(H)}</span
      >`}return M`<img src=${this.shown} alt=${this.t("cameras.picture_of",{camera:this.name})} />${this.well?M`<button
            @click=${()=>this.playing=!0}
            aria-label=${`${this.t("cameras.live")}: ${this.name}`}
            title=${this.t("cameras.live")}
          >
            <cg-icon .path=${N5}></cg-icon>
          </button>`:R}`}};i([p({attribute:!1})],i1.prototype,"hass",2),i([p({attribute:!1})],i1.prototype,"entity",2),i([p({type:Boolean})],i1.prototype,"well",2),i([p({type:Boolean})],i1.prototype,"private",2),i([p({type:Number})],i1.prototype,"beat",2),i([p()],i1.prototype,"name",2),i([A()],i1.prototype,"shown",2),i([A()],i1.prototype,"failed",2),i([A()],i1.prototype,"playing",2);c("cg-live",i1);var L7=1e4,L2=class extends h{constructor(){super(...arguments);this.beat=0;this.busy=new Set;this.timer=0}static{this.styles=[u,v`
      .grid {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 360px), 1fr));
        gap: 16px;
        align-items: start;
      }
      .dot {
        --cg-icon-size: 12px;
      }
      .good {
        color: var(--success-color, #43a047);
      }
      .bad {
        color: var(--error-color, #db4437);
      }
      .live {
        color: var(--error-color, #db4437);
      }
      .head {
        display: flex;
        gap: 8px;
        align-items: baseline;
        justify-content: space-between;
      }
      .switch {
        display: inline-flex;
        align-items: center;
        gap: 8px;
        min-height: 44px;
        cursor: pointer;
      }
      .switch input {
        appearance: none;
        width: 44px;
        height: 24px;
        border-radius: 12px;
        border: 0;
        padding: 0;
        background: var(--secondary-text-color);
        position: relative;
        transition: background 0.15s;
      }
      .switch input:checked {
        background: color-mix(in srgb, var(--primary-color) 80%, #000);
      }
      .switch input::after {
        content: "";
        position: absolute;
        top: 3px;
        left: 3px;
        width: 18px;
        height: 18px;
        border-radius: 50%;
        background: #fff;
        transition: left 0.15s;
      }
      .switch input:checked::after {
        left: 23px;
      }
      .break {
        flex-basis: 100%;
      }
      .top {
        display: flex;
        align-items: center;
        gap: 16px;
        margin-bottom: 16px;
      }
    `]}connectedCallback(){super.connectedCallback(),this.timer=window.setInterval(()=>{document.hidden||this.beat++},L7)}disconnectedCallback(){super.disconnectedCallback(),window.clearInterval(this.timer)}shouldUpdate(C){if(C.size>1||!C.has("hass"))return!0;let H=C.get("hass");return this.app.news.cameras.some(({entity_id:V})=>V!==null&&H?.states[V]!==this.hass.states[V])}render(){let C=this.app.news.cameras,H=S1(this.app),V=M`<button class="filled" @click=${()=>g(m("cameras","add"))}>
      <cg-icon .path=${o1}></cg-icon>${this.t("cameras.add")}
    </button>`;return C.length===0?M`<div class="page">
        ${K(N1,this.t("cameras.none"),H?M`${this.t("cameras.none_hint")}<br /><br />${V}`:"")}
      </div>`:M`<div class="page">
      <div class="top">
        <span class="secondary grow">${this.t("common.purpose",{purpose:this.app.news.site?.purpose??""})}</span>
        ${H?V:""}
      </div>
      <div class="grid">${C.map(e=>this.card(e,H))}</div>
    </div>`}card(C,H){let V=C.entity_id?this.hass.states[C.entity_id]:void 0,e=["streaming","recording","finishing"].includes(C.state)&&!C.reason,t=C.view?"bad":e?"good":"bad",o=this.app.texts.fault(C.reason,C.detail);return M`<section class="card" aria-label=${C.name} data-camera=${C.camera_id}>
      <cg-live
        .app=${this.app}
        .hass=${this.hass}
        .entity=${V}
        .well=${e}
        .private=${C.private}
        .beat=${this.beat}
        .name=${C.name}
      ></cg-live>
      <div class="card-content">
        <div class="head"><h3>${C.name}</h3><span class="secondary">${C.place}</span></div>
        <p class="row" role="status">
          <cg-icon
            class="dot ${C.state==="recording"?"live":C.private?"":t}"
            .path=${C.private?H2:T5}
          ></cg-icon>
          ${C.private?this.t("cameras.privacy"):this.t(`cameras.state_${C.state}`)}${C.armed||C.private?"":` · ${this.t("cameras.disarmed")}`}
        </p>
        ${C.private?M`<p class="secondary">${this.t("cameras.privacy_hint")}</p>`:o&&!e?M`<p class="secondary">${o}</p>`:C.view?M`<p class="secondary">${this.t(`cameras.view_${C.view}`)}</p>`:""}
        <p class="secondary">
          ${C.last_clip?M`<a
                  href=${m("clips",C.last_clip.clip_id)}
                  @click=${a=>{a.preventDefault(),g(m("clips",C.last_clip?.clip_id))}}
                  >${this.t("cameras.last_clip",{when:this.app.format.moment(C.last_clip.start)})}</a
                >`:this.t("cameras.no_clip")}
        </p>
      </div>
      ${H?this.actions(C):""}
    </section>`}actions(C){let H=this.busy.has(C.camera_id);return M`<div class="card-actions">
      <label class="switch">
        <input
          type="checkbox"
          role="switch"
          .checked=${C.armed}
          ?disabled=${C.switch===null}
          @change=${V=>{this.turn(C.switch,C.armed,V.target)}}
        />
        ${this.t("cameras.armed")}
      </label>
      <label class="switch">
        <input
          type="checkbox"
          role="switch"
          .checked=${C.private}
          ?disabled=${C.privacy_switch===null}
          @change=${V=>{this.turn(C.privacy_switch,C.private,V.target)}}
        />
        ${this.t("cameras.privacy")}
      </label>
      <span class="break"></span>
      <button
        ?disabled=${H||!C.armed||C.private}
        @click=${()=>{this.record(C)}}
        aria-label=${`${this.t("cameras.record")}: ${C.name}`}
      >
        <cg-icon .path=${z5}></cg-icon>${H?this.t("cameras.starting"):this.t("cameras.record")}
      </button>
      <button
        @click=${()=>g(m("cameras",C.camera_id,"zones"))}
        aria-label=${`${this.zonesOf(C)}: ${C.name}`}
      >
        <cg-icon .path=${h1}></cg-icon>${this.zonesOf(C)}
      </button>
      <button
        @click=${()=>g(m("cameras",C.camera_id,"motion"))}
        aria-label=${`${this.t("cameras.motion")}: ${C.name}`}
      >
        <cg-icon .path=${D5}></cg-icon>${this.t("cameras.motion")}
      </button>
    </div>`}zonesOf(C){return C.zones?this.t("cameras.zones",{count:C.zones}):this.t("cameras.zones_none")}async turn(C,H,V){try{await this.hass.callService("switch",V.checked?"turn_on":"turn_off",{entity_id:C})}catch(e){this.app.toast(e),V.checked=H}}async record(C){this.busy=new Set([...this.busy,C.camera_id]);try{await this.app.client.send({type:"call_service",domain:"camguard",service:"record",service_data:{duration:30},target:{entity_id:C.entity_id},return_response:!0}),this.app.toast(this.t("cameras.recording_begun",{camera:C.name}))}catch(H){this.app.toast(H)}this.busy=new Set([...this.busy].filter(H=>H!==C.camera_id))}};i([p({attribute:!1})],L2.prototype,"hass",2),i([A()],L2.prototype,"beat",2),i([A()],L2.prototype,"busy",2);c("cg-cameras",L2);function z(r,L=0,C=1){return Math.min(Math.max(r,L),C)}function C5(r){return r.trim().split(/\s+/).filter(Boolean).map(L=>{let[C=0,H=0]=L.split(",").map(V=>Number(V)/100);return[z(C),z(H)]})}function M0(r){let L=C=>String(Number((C*100).toFixed(4)));return r.map(([C,H])=>`${L(C)},${L(H)}`).join(" ")}function e7(r){let L=0;return r.forEach(([C,H],V)=>{let[e,t]=g1(r,V+1);L+=C*t-e*H}),Math.abs(L)/2}function r7(r,L,C){let H=!1;return r.forEach(([V,e],t)=>{let[o,a]=g1(r,t+1);e>C!=a>C&&L<(o-V)*(C-e)/(a-e)+V&&(H=!H)}),H}function t0(r){let L=0;for(let C=0;C<128;C++)for(let H=0;H<128;H++){let V=(H+.5)/128,e=(C+.5)/128;r.some(t=>r7(t.points,V,e))&&L++}return L/128**2}function e2(r,L){return r.length<3?"few":r.length>L?"many":M7(r)?"crosses":e7(r)<5e-4?"small":null}function M7(r){if(new Set(r.map(String)).size!==r.length)return!0;let L=r.length;for(let C=0;C<L;C++)for(let H=C+2;H<L;H++)if(!(C===0&&H===L-1)&&t7(g1(r,C),g1(r,C+1),g1(r,H),g1(r,H+1)))return!0;return!1}function X5(r,L,C){return r.map((H,V)=>V===L?[z(C[0]),z(C[1])]:H)}function Y5(r,L,C){return[...r.slice(0,L+1),[z(C[0]),z(C[1])],...r.slice(L+1)]}function H5(r,L){return r.length<=3?[...r]:r.filter((C,H)=>H!==L)}function i0(r,L,C){let H=r.map(([o])=>o),V=r.map(([,o])=>o),e=z(L,-Math.min(...H),1-Math.max(...H)),t=z(C,-Math.min(...V),1-Math.max(...V));return r.map(([o,a])=>[o+e,a+t])}function J5(r,L){return[(r[0]+L[0])/2,(r[1]+L[1])/2]}function V5(r,L){let[C,H]=[z(Math.min(r[0],L[0])),z(Math.max(r[0],L[0]))],[V,e]=[z(Math.min(r[1],L[1])),z(Math.max(r[1],L[1]))];return[[C,V],[H,V],[H,e],[C,e]]}function o0(r){return V5(...{top:[[0,0],[1,.5]],bottom:[[0,.5],[1,1]],left:[[0,0],[.5,1]],right:[[.5,0],[1,1]]}[r])}function g1(r,L){return r[L%r.length]}function Y2(r,L,C){return(L[0]-r[0])*(C[1]-r[1])-(L[1]-r[1])*(C[0]-r[0])}function J2(r,L,C){return Math.min(r[0],L[0])<=C[0]&&C[0]<=Math.max(r[0],L[0])&&Math.min(r[1],L[1])<=C[1]&&C[1]<=Math.max(r[1],L[1])}function t7(r,L,C,H){let[V,e,t,o]=[Y2(C,H,r),Y2(C,H,L),Y2(r,L,C),Y2(r,L,H)];return V*e<0&&t*o<0?!0:V===0&&J2(C,H,r)||e===0&&J2(C,H,L)||t===0&&J2(r,L,C)||o===0&&J2(r,L,H)}var r2=class{constructor(L,C=200){this.value=L;this.most=C;this.past=[];this.future=[];this.gesture=null}get present(){return this.value}get canUndo(){return this.past.length>0}get canRedo(){return this.future.length>0}push(L,C=null){L!==this.value&&((C===null||C!==this.gesture)&&(this.past.push(this.value),this.past.length>this.most&&this.past.shift()),this.gesture=C,this.future=[],this.value=L)}undo(){let L=this.past.pop();L!==void 0&&(this.future.push(this.value),this.value=L,this.gesture=null)}redo(){let L=this.future.pop();L!==void 0&&(this.past.push(this.value),this.value=L,this.gesture=null)}};var M2=[1,2,4],t2={zoom:1,x:0,y:0};function a0(r,L,C=[.5,.5]){let[H,V]=[(C[0]-r.x)*r.zoom,(C[1]-r.y)*r.zoom];return C3({zoom:L,x:C[0]-H/L,y:C[1]-V/L})}function A0(r,L,C){return C3({...r,x:r.x+L,y:r.y+C})}function n0(r,L){let C=1/r.zoom,H=z(r.x,L[0]-C*.9,L[0]-C*.1),V=z(r.y,L[1]-C*.9,L[1]-C*.1);return C3({...r,x:H,y:V})}function d0(r,L,C){return[r.x+L/r.zoom,r.y+C/r.zoom]}function C3(r){let L=1-1/r.zoom;return{zoom:r.zoom,x:z(r.x,0,L),y:z(r.y,0,L)}}var H3=7,V3=22,i7=4,o7=2,a7=16,A7=6,N=class extends h{constructor(){super(...arguments);this.picture="";this.width=16;this.height=9;this.blurred=!1;this.zones=[];this.chosen=-1;this.tool="edit";this.view=t2;this.opposite=!1;this.most=64;this.draft=[];this.box=null;this.finger=null;this.boardPx=800;this.gesture=null;this.down=null;this.gestureId=0;this.sized=new ResizeObserver(()=>this.boardPx=this.board.clientWidth||800);this.onDown=C=>{if(C.button>0||this.gesture)return;this.board.setPointerCapture(C.pointerId),this.down={x:C.clientX,y:C.clientY},this.gestureId++;let H=C.target.closest("[data-corner],[data-middle],[data-zone]"),V=this.place(C),e=this.zones[this.chosen];if(this.tool==="rectangle")this.gesture={kind:"rectangle",from:V};else if(this.tool==="corners")this.gesture={kind:"pan",u:C.clientX,v:C.clientY,view:this.view};else if(H?.dataset.corner!==void 0&&e)H.focus(),this.emit("corner",Number(H.dataset.corner)),this.gesture={kind:"corner",index:Number(H.dataset.corner),points:e.points};else if(H?.dataset.middle!==void 0&&e){let t=Number(H.dataset.middle),o=Y5(e.points,t,V);this.gesture={kind:"corner",index:t+1,points:o},this.tell(o)}else if(H?.dataset.zone!==void 0){let t=Number(H.dataset.zone);t!==this.chosen&&this.emit("choose",t),this.gesture={kind:"body",from:V,points:this.zones[t]?.points??[]}}else this.gesture={kind:"pan",u:C.clientX,v:C.clientY,view:this.view}};this.onMove=C=>{let H=this.gesture;if(!H||this.isTap(C))return;let V=this.place(C);switch(H.kind){case"corner":this.finger=C.pointerType==="mouse"?null:V,this.tell(X5(H.points,H.index,V));break;case"body":this.tell(i0(H.points,V[0]-H.from[0],V[1]-H.from[1]));break;case"rectangle":this.finger=C.pointerType==="mouse"?null:V,this.box=V5(H.from,V);break;case"pan":{let e=this.board.getBoundingClientRect(),t=(H.u-C.clientX)/e.width/H.view.zoom,o=(H.v-C.clientY)/e.height/H.view.zoom;this.emit("view",A0(H.view,t,o))}}};this.onUp=C=>{let H=this.gesture;this.onCancel(),H&&(H.kind==="rectangle"&&!this.isTap(C)?(this.box=null,this.emit("drawn",V5(H.from,this.place(C)))):this.tool==="corners"&&this.isTap(C)?this.addCorner(this.place(C)):H.kind==="pan"&&this.isTap(C)&&this.emit("choose",-1),this.down=null)};this.onCancel=()=>{this.gesture=null,this.finger=null,this.box=null}}static{this.styles=[u,v`
      :host {
        display: block;
        position: relative;
      }
      .frame {
        position: relative;
        overflow: hidden;
        border-radius: 8px;
        background: #111;
      }
      svg.board {
        display: block;
        width: 100%;
        touch-action: none;
        user-select: none;
        -webkit-user-select: none;
        cursor: crosshair;
      }
      svg.board[data-tool="edit"] {
        cursor: default;
      }
      .zone {
        fill: rgb(0 0 0 / 60%);
        stroke: #fff;
        vector-effect: non-scaling-stroke;
        stroke-width: 1.5px;
        cursor: pointer;
      }
      .zone.chosen {
        stroke: #ffca28;
        stroke-width: 2.5px;
        cursor: move;
      }
      .opposite .zone {
        fill: transparent;
      }
      .visible {
        fill: rgb(76 175 80 / 45%);
        pointer-events: none;
      }
      .draft {
        fill: rgb(255 202 40 / 30%);
        stroke: #ffca28;
        stroke-width: 2px;
        vector-effect: non-scaling-stroke;
        pointer-events: none;
      }
      .knob {
        fill: #fff;
        stroke: #222;
        stroke-width: 1.5px;
        vector-effect: non-scaling-stroke;
      }
      .mid {
        fill: #ffca28;
        opacity: 0.9;
      }
      .hit {
        fill: transparent;
        cursor: grab;
      }
      g:focus-visible {
        outline: none;
      }
      g:focus-visible .knob {
        stroke: #2196f3;
        stroke-width: 5px;
      }
      .loupe {
        position: absolute;
        top: 8px;
        width: 128px;
        height: 128px;
        border-radius: 50%;
        border: 2px solid #fff;
        box-shadow: 0 2px 12px rgb(0 0 0 / 60%);
        overflow: hidden;
        pointer-events: none;
        background: #000;
      }
      .loupe svg {
        width: 100%;
        height: 100%;
      }
      image.blurred {
        filter: blur(24px);
      }
    `]}disconnectedCallback(){super.disconnectedCallback(),this.sized.disconnect()}firstUpdated(){this.sized.observe(this.board)}willUpdate(C){C.has("tool")&&this.cancelDraft()}cancelDraft(){let C=this.draft.length>0||this.box!==null;return this.draft=[],this.box=null,C}undoCorner(){return this.draft.length===0?!1:(this.draft=this.draft.slice(0,-1),!0)}finish(){this.draft.length>=3&&this.emit("drawn",this.draft),this.draft=[]}get corners(){return this.draft.length}render(){let{width:C,height:H}=this,V=1/this.view.zoom,e=`${this.view.x*C} ${this.view.y*H} ${V*C} ${V*H}`,t=this.zones[this.chosen];return M`<div class="frame ${this.opposite?"opposite":""}">
      <svg
        class="board"
        role="application"
        aria-label=${this.t("zones.board")}
        data-tool=${this.tool}
        viewBox=${e}
        style="aspect-ratio: ${C} / ${H}"
        @pointerdown=${this.onDown}
        @pointermove=${this.onMove}
        @pointerup=${this.onUp}
        @pointercancel=${this.onCancel}
        @dblclick=${()=>this.finish()}
        @contextmenu=${o=>o.preventDefault()}
      >
        ${this.scene()} ${this.opposite?j`<path class="visible" fill-rule="evenodd" d=${this.complement()} />`:""}
        ${this.draftShape()}
        ${t&&this.tool==="edit"?this.handles(t):""}
      </svg>
      ${this.finger?this.loupe(this.finger):""}
    </div>`}scene(){return j`<image
        class=${this.blurred?"blurred":""}
        href=${this.picture}
        width=${this.width}
        height=${this.height}
        preserveAspectRatio="none"
      />
      ${this.zones.map((C,H)=>j`<polygon
          class="zone ${H===this.chosen?"chosen":""}"
          data-zone=${H}
          points=${this.pixels(C.points)}
        ><title>${C.name}</title></polygon>`)}`}draftShape(){let C=this.box??this.draft;return C.length===0?"":j`<polygon class="draft" points=${this.pixels(C)} />
      ${this.draft.map(([H,V])=>j`<circle class="knob" cx=${H*this.width} cy=${V*this.height} r=${this.px(H3)} />`)}`}handles(C){let H=C.points.length>=this.most;return j`${H?"":C.points.map((V,e)=>{let[t,o]=J5(V,g1(C.points,e+1));return j`<g data-middle=${e}>
              <circle class="hit" cx=${t*this.width} cy=${o*this.height} r=${this.px(V3*.7)} />
              <circle class="knob mid" cx=${t*this.width} cy=${o*this.height} r=${this.px(H3*.65)} />
            </g>`})}
    ${C.points.map(([V,e],t)=>j`<g
        tabindex="0"
        role="button"
        data-corner=${t}
        aria-label=${this.t("zones.corner",{number:t+1,zone:C.name,x:Math.round(V*100),y:Math.round(e*100)})}
        @keydown=${o=>this.onKey(o,t)}
        @focus=${()=>this.emit("corner",t)}
      >
        <circle class="hit" cx=${V*this.width} cy=${e*this.height} r=${this.px(V3)} />
        <circle class="knob" cx=${V*this.width} cy=${e*this.height} r=${this.px(H3)} />
      </g>`)}`}loupe([C,H]){let V=this.width/this.view.zoom/i7/2,[e,t]=[C*this.width,H*this.height],o=(C-this.view.x)*this.view.zoom>.5;return M`<div class="loupe" style=${o?"left: 8px":"right: 8px"}>
      <svg viewBox="${e-V/2} ${t-V/2} ${V} ${V}">
        ${this.scene()}
        ${j`<path
          d="M${e-V/2} ${t}h${V}M${e} ${t-V/2}v${V}"
          stroke="#ffca28"
          vector-effect="non-scaling-stroke"
        />`}
      </svg>
    </div>`}complement(){let C=this.zones.map(H=>`M${H.points.map(([V,e])=>`${V*this.width} ${e*this.height}`).join("L")}Z`);return`M0 0H${this.width}V${this.height}H0Z${C.join("")}`}pixels(C){return C.map(([H,V])=>`${H*this.width},${V*this.height}`).join(" ")}px(C){return C*this.width/this.view.zoom/this.boardPx}place(C){let H=this.board.getBoundingClientRect();return d0(this.view,(C.clientX-H.left)/H.width,(C.clientY-H.top)/H.height)}addCorner(C){let H=this.draft[0],V=(e,t)=>Math.hypot((e[0]-t[0])*this.width,(e[1]-t[1])*this.height)<this.px(V3*.8);H&&this.draft.length>=3&&V(H,C)?this.finish():this.draft.length<this.most&&!this.draft.some(e=>V(e,C))&&(this.draft=[...this.draft,[Math.min(Math.max(C[0],0),1),Math.min(Math.max(C[1],0),1)]],this.emit("drafted",this.draft.length))}isTap(C){return this.down!==null&&Math.hypot(C.clientX-this.down.x,C.clientY-this.down.y)<A7}onKey(C,H){let V=this.zones[this.chosen],e=V?.points[H];if(!V||!e)return;let t=this.px(C.shiftKey?a7:o7),a={ArrowLeft:[-t/this.width,0],ArrowRight:[t/this.width,0],ArrowUp:[0,-t/this.height],ArrowDown:[0,t/this.height]}[C.key];if(a){let l=[e[0]+a[0],e[1]+a[1]];this.emit("points",{points:X5(V.points,H,l),gesture:`key${H}`}),this.emit("view",n0(this.view,l))}else if(C.key==="Delete"||C.key==="Backspace")this.emit("points",{points:H5(V.points,H),gesture:null});else if(C.key==="Insert"&&V.points.length<this.most){let l=J5(e,g1(V.points,H+1));this.emit("points",{points:Y5(V.points,H,l),gesture:null})}else return;C.preventDefault(),C.stopPropagation()}tell(C){this.emit("points",{points:C,gesture:this.gestureId})}};i([p()],N.prototype,"picture",2),i([p({type:Number})],N.prototype,"width",2),i([p({type:Number})],N.prototype,"height",2),i([p({type:Boolean})],N.prototype,"blurred",2),i([p({attribute:!1})],N.prototype,"zones",2),i([p({type:Number})],N.prototype,"chosen",2),i([p()],N.prototype,"tool",2),i([p({attribute:!1})],N.prototype,"view",2),i([p({type:Boolean})],N.prototype,"opposite",2),i([p({type:Number})],N.prototype,"most",2),i([U("svg")],N.prototype,"board",2),i([A()],N.prototype,"draft",2),i([A()],N.prototype,"box",2),i([A()],N.prototype,"finger",2),i([A()],N.prototype,"boardPx",2);c("cg-zone-canvas",N);var d7=700,L3=new Map;function L5(r){L3.delete(r)}var F=class extends h{constructor(){super(...arguments);this.target={};this.initial=[];this.mostPoints=64;this.mostZones=32;this.still="";this.chosen=-1;this.corner=-1;this.tool="edit";this.view=t2;this.opposite=!1;this.corners=0;this.asking=!1;this.trouble=null;this.preview=null;this.previewed=null;this.previewing=!1;this.previewTrouble=null;this.timer=0;this.asked=0;this.onKey=C=>{let H=C.composedPath()[0].tagName==="INPUT";(C.ctrlKey||C.metaKey)&&!H&&["z","y","Z"].includes(C.key)?(C.preventDefault(),C.key==="z"?this.undo():this.redo()):C.key==="Escape"?this.tool!=="edit"?this.leaveTool():this.chosen=-1:C.key==="Enter"&&this.tool==="corners"&&this.corners>=3&&!H&&this.canvas?.finish()}}static{this.styles=[u,v`
      :host {
        display: block;
      }
      .layout {
        display: grid;
        grid-template-columns: minmax(0, 2fr) minmax(260px, 1fr);
        gap: 16px;
      }
      @media (max-width: 870px) {
        .layout {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      .tools {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
        padding: 8px 0;
        align-items: center;
      }
      .tools .gap {
        flex: 1;
      }
      .curtain {
        position: relative;
        border-radius: 8px;
        overflow: hidden;
        background: #111;
        color: #fff;
        aspect-ratio: 16 / 9;
        min-height: 260px;
        width: 100%;
        display: grid;
        place-items: center;
      }
      .curtain img {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        object-fit: cover;
        filter: blur(18px);
        opacity: 0.6;
      }
      .curtain div {
        position: relative;
        text-align: center;
        padding: 16px;
        max-width: 440px;
        text-shadow: 0 1px 4px #000;
      }
      .curtain .secondary {
        color: #ddd;
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        display: flex;
        align-items: center;
        gap: 4px;
        border-radius: 8px;
        padding: 2px 4px;
      }
      li[data-chosen] {
        background: color-mix(in srgb, var(--primary-color) 14%, transparent);
      }
      li input {
        min-height: 40px;
        padding: 6px 10px;
      }
      .fault {
        color: var(--primary-text-color);
        font-size: 12px;
        flex-basis: 100%;
        padding: 0 8px 6px;
      }
      .preview {
        position: relative;
        border-radius: 8px;
        overflow: hidden;
        background: #111;
        color: #ddd;
        min-height: 120px;
      }
      .preview img {
        display: block;
        width: 100%;
        max-height: 60vh;
        object-fit: contain;
      }
      .preview progress {
        position: absolute;
        left: 0;
        right: 0;
        bottom: 0;
      }
      .preview .none {
        padding: 32px 16px;
        text-align: center;
      }
      details > div {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
      }
      summary {
        min-height: 40px;
        display: flex;
        align-items: center;
        gap: 8px;
        cursor: pointer;
        font-weight: 500;
      }
    `]}get key(){return JSON.stringify(this.target)}get zones(){return this.draft.history.present}get seen(){return this.previewed===this.zones?this.preview:null}willUpdate(C){C.has("target")&&JSON.stringify(C.get("target"))!==this.key&&(this.draft=L3.get(this.key)??{history:new r2(this.initial),picture:null},L3.set(this.key,this.draft),this.preview=this.previewed=null,this.draft.picture&&this.lookSoon(),this.tellChange())}disconnectedCallback(){super.disconnectedCallback(),window.clearTimeout(this.timer)}replace(C){this.step(C)}render(){return M`<div class="layout" @keydown=${this.onKey}>
      <div>${this.draft.picture?this.board(this.draft.picture):this.curtain()}</div>
      <div class="stack">
        ${this.list()}
        <div>
          <h3>${this.t("zones.preview")}</h3>
          <p class="secondary">${this.t("zones.preview_hint")}</p>
          ${this.previewBox()}
        </div>
      </div>
    </div>`}curtain(){return M`<div class="curtain">
      ${this.still?M`<img src=${this.still} alt="" />`:""}
      <div>
        ${this.asking?M`<p role="status">${this.t("zones.fetching")}</p>
                <progress aria-label=${this.t("zones.fetching")}></progress>`:M`<p>${this.t("zones.reveal_hint")}</p>
                <button class="filled" @click=${()=>{this.reveal()}}>
                  <cg-icon .path=${Q2}></cg-icon>${this.t("zones.reveal")}
                </button>
                <p class="secondary">${this.t("zones.reveal_noted")}</p>`}
        ${this.trouble?y(this.app,this.trouble):""}
      </div>
    </div>`}async reveal(){this.asking=!0,this.trouble=null;try{this.draft.picture=await this.app.client.call("zones/reveal",this.target,_3),this.lookSoon(0),this.tellChange()}catch(C){this.trouble=C}this.asking=!1}board(C){let H=this.draft.history,V=this.tool!=="edit",e=this.zones[this.chosen];return M`<div class="tools" role="toolbar" aria-label=${this.t("zones.tools")}>
        ${this.toolButton("corners",S2,"zones.draw")}
        ${this.toolButton("rectangle",O2,"zones.rectangle")}
        <span class="gap"></span>
        ${this.button(y2,"zones.undo",()=>this.undo(),!H.canUndo&&this.corners===0)}
        ${this.button(b2,"zones.redo",()=>this.redo(),!H.canRedo)}
        ${this.button(R5,"zones.zoom_out",()=>this.zoom(-1),this.view.zoom===M2[0])}
        <span aria-live="polite">×${this.view.zoom}</span>
        ${this.button(F5,"zones.zoom_in",()=>this.zoom(1),this.view.zoom===M2.at(-1))}
        ${this.button(this.opposite?Q2:H2,this.opposite?"zones.show_hidden":"zones.show_visible",()=>this.opposite=!this.opposite,!1,this.opposite)}
      </div>
      <cg-zone-canvas
        .app=${this.app}
        .picture=${`data:image/jpeg;base64,${C.image}`}
        .width=${C.width}
        .height=${C.height}
        .zones=${this.zones}
        .chosen=${this.chosen}
        .tool=${this.tool}
        .view=${this.view}
        .opposite=${this.opposite}
        .most=${this.mostPoints}
        @points=${t=>this.setPoints(t.detail)}
        @drawn=${t=>this.add(t.detail)}
        @drafted=${t=>this.corners=t.detail}
        @corner=${t=>this.corner=t.detail}
        @choose=${t=>{this.chosen=t.detail,this.corner=-1}}
        @view=${t=>this.view=t.detail}
      ></cg-zone-canvas>
      <div class="tools" role="status">
        <span class="grow secondary"
          >${V?this.t(this.tool==="rectangle"?"zones.hint_rectangle":"zones.hint_corners"):this.t(this.chosen>=0?"zones.hint_chosen":"zones.hint_edit")}</span
        >
        ${e&&!V&&this.corner>=0&&this.corner<e.points.length?M`<button ?disabled=${e.points.length<=3} @click=${()=>this.removeCorner(e)}>
                <cg-icon .path=${Y}></cg-icon>${this.t("zones.remove_corner")}
              </button>`:""}
        ${V?M`<button @click=${()=>this.leaveTool()}>${this.t("common.cancel")}</button>
                ${this.tool==="corners"?M`<button
                        class="filled"
                        ?disabled=${this.corners<3}
                        @click=${()=>this.canvas?.finish()}
                      >
                        ${this.t("zones.finish")}
                      </button>`:""}`:""}
      </div>`}toolButton(C,H,V){let e=this.zones.length>=this.mostZones;return M`<button
      class="tonal"
      aria-pressed=${this.tool===C?"true":"false"}
      ?disabled=${e}
      @click=${()=>{this.tool===C?this.leaveTool():(this.tool=C,this.corners=0,this.chosen=-1)}}
    >
      <cg-icon .path=${H}></cg-icon>${this.t(V)}
    </button>`}button(C,H,V,e,t){return M`<button
      class="icon"
      title=${this.t(H)}
      aria-label=${this.t(H)}
      aria-pressed=${t===void 0?"false":String(t)}
      ?disabled=${e}
      @click=${V}
    >
      <cg-icon .path=${C}></cg-icon>
    </button>`}leaveTool(){this.canvas?.cancelDraft(),this.tool="edit",this.corners=0}zoom(C){let H=M2.findIndex(e=>e===this.view.zoom)+C,V=this.zones[this.chosen]?.points[0]??[this.view.x+.5/this.view.zoom,this.view.y+.5/this.view.zoom];this.view=a0(this.view,M2[Math.min(Math.max(H,0),M2.length-1)]??1,V)}list(){let C=this.zones;return M`<div>
      <h3>${this.t("zones.list",{count:C.length})}</h3>
      <p class="secondary">${this.t("zones.covered",{percent:this.app.format.percent(t0(C))})}</p>
      ${C.length===0?M`<p class="secondary">${this.t("zones.none")}</p>`:""}
      <ul>
        ${C.map((H,V)=>this.zoneRow(H,V))}
      </ul>
      ${this.draft.picture?M`<details>
              <summary><cg-icon .path=${o1}></cg-icon>${this.t("zones.shortcuts")}</summary>
              <div>
                ${["top","bottom","left","right"].map(H=>M`<button
                      class="chip"
                      ?disabled=${C.length>=this.mostZones}
                      @click=${()=>this.add(o0(H))}
                    >
                      ${this.t(`zones.half_${H}`)}
                    </button>`)}
              </div>
            </details>`:""}
    </div>`}zoneRow(C,H){let V=e2(C.points,this.mostPoints);return M`<li ?data-chosen=${H===this.chosen}>
        <button
          class="icon"
          aria-label=${this.t("zones.choose",{zone:C.name})}
          aria-pressed=${H===this.chosen?"true":"false"}
          @click=${()=>{this.leaveTool(),this.chosen=H===this.chosen?-1:H}}
        >
          <cg-icon .path=${h1}></cg-icon>
        </button>
        <input
          aria-label=${this.t("zones.name")}
          maxlength="60"
          .value=${C.name}
          @focus=${()=>this.chosen=H}
          @change=${e=>this.rename(H,e.target.value)}
        />
        <button
          class="icon"
          aria-label=${this.t("zones.delete",{zone:C.name})}
          @click=${()=>{this.chosen=-1,this.step(p7(this.zones,H))}}
        >
          <cg-icon .path=${Y}></cg-icon>
        </button>
      </li>
      ${V?M`<div class="fault" role="alert">⚠ ${this.t(`zones.fault_${V}`)}</div>`:""}`}add(C){let H=this.t("zones.new_name",{number:this.zones.length+1});this.step([...this.zones,{name:H,points:C}]),this.leaveTool(),this.chosen=this.zones.length-1}rename(C,H){this.step(this.zones.map((V,e)=>e===C?{...V,name:H.trim()||V.name}:V))}removeCorner(C){this.setPoints({points:H5(C.points,this.corner),gesture:null}),this.corner=-1}setPoints({points:C,gesture:H}){this.step(this.zones.map((V,e)=>e===this.chosen?{...V,points:C}:V),H)}step(C,H=null){this.draft.history.push(C,H),this.afterStep()}undo(){if(this.canvas?.undoCorner()){this.corners=this.canvas.corners;return}this.draft.history.undo(),this.afterStep()}redo(){this.draft.history.redo(),this.afterStep()}afterStep(){this.chosen>=this.zones.length&&(this.chosen=-1),this.requestUpdate(),this.tellChange(),this.draft.picture&&this.lookSoon()}tellChange(){let C=this.zones.some(V=>e2(V.points,this.mostPoints)!==null),H=this.draft.picture;this.emit("change",{zones:this.zones,fit:!C&&H!==null&&this.seen!==null,changed:this.draft.history.canUndo,reference:H?[H.width,H.height]:null})}lookSoon(C=d7){window.clearTimeout(this.timer),this.timer=window.setTimeout(()=>{this.look()},C)}async look(){if(this.zones.find(e=>e2(e.points,this.mostPoints)))return;let H=++this.asked,V=this.zones;this.previewing=!0;try{let e=await this.app.client.call("zones/preview",{...this.target,zones:U1(V)},D3);if(H!==this.asked)return;this.preview=e,this.previewed=V,this.previewTrouble=null;let t=this.draft.picture;t&&Math.abs(e.width*t.height-e.height*t.width)>.02*t.width*e.height&&(this.draft.picture=null,this.trouble=D({code:"shape_changed",translation_domain:"camguard",translation_key:"shape_changed"})),this.tellChange()}catch(e){if(H!==this.asked)return;D(e).key==="picture_not_shown"&&(this.draft.picture=null,this.tellChange()),this.previewTrouble=e}finally{H===this.asked&&(this.previewing=!1)}}previewBox(){return M`<div class="preview" aria-busy=${this.previewing?"true":"false"}>
        ${this.preview?M`<img
                src=${`data:image/jpeg;base64,${this.preview.image}`}
                alt=${this.t("zones.preview_alt",{percent:this.app.format.percent(this.preview.covered)})}
              />`:M`<div class="none"><cg-icon .path=${H2}></cg-icon><p>${this.t("zones.preview_none")}</p></div>`}
        ${this.previewing?M`<progress aria-label=${this.t("common.loading")}></progress>`:""}
      </div>
      ${this.previewTrouble?b(T,this.app.texts.refusal(D(this.previewTrouble)),"warning"):""}`}};i([p({attribute:!1})],F.prototype,"target",2),i([p({attribute:!1})],F.prototype,"initial",2),i([p({type:Number})],F.prototype,"mostPoints",2),i([p({type:Number})],F.prototype,"mostZones",2),i([p()],F.prototype,"still",2),i([A()],F.prototype,"draft",2),i([A()],F.prototype,"chosen",2),i([A()],F.prototype,"corner",2),i([A()],F.prototype,"tool",2),i([A()],F.prototype,"view",2),i([A()],F.prototype,"opposite",2),i([A()],F.prototype,"corners",2),i([A()],F.prototype,"asking",2),i([A()],F.prototype,"trouble",2),i([A()],F.prototype,"preview",2),i([A()],F.prototype,"previewing",2),i([A()],F.prototype,"previewTrouble",2),i([U("cg-zone-canvas")],F.prototype,"canvas",2);function U1(r){return r.map(L=>({name:L.name,points:M0(L.points)}))}function p7(r,L){return r.filter((C,H)=>H!==L)}c("cg-zone-editor",F);var s7=[],G=class extends h{constructor(){super(...arguments);this.choices=null;this.trouble=null;this.step="camera";this.source="";this.place="";this.mode="event";this.triggers=[];this.zones=[];this.reference=null;this.fit=!1;this.stated=!1;this.saving=!1;this.target={};this.seen=""}static{this.styles=[u,v`
      .steps {
        display: flex;
        gap: 8px;
        margin: 8px 0 16px;
        padding: 0;
        list-style: none;
      }
      .steps li {
        flex: 1;
        border-top: 3px solid var(--divider-color);
        padding-top: 6px;
        font-size: 12px;
        color: var(--secondary-text-color);
      }
      .steps li[aria-current="step"] {
        border-color: var(--primary-color);
        color: var(--primary-text-color);
      }
      .triggers {
        max-height: 240px;
        overflow: auto;
        border: 1px solid var(--divider-color);
        border-radius: 8px;
        padding: 0 12px;
      }
      img {
        width: 100%;
        border-radius: 8px;
      }
    `]}connectedCallback(){super.connectedCallback(),this.load()}async load(){await this.updateComplete,this.trouble=null;try{this.choices=await this.app.client.call("cameras/candidates",{},z3),this.choices.sources.length===1&&(this.source=this.choices.sources[0]?.entity_id??"")}catch(C){this.trouble=C}}render(){if(this.trouble&&!this.choices)return M`<div class="page">${y(this.app,this.trouble,()=>{this.load()})}</div>`;if(!this.choices)return B(this.app);let C=["camera","zones","state"];return M`<div class="page ${this.step==="zones"?"":"narrow-page"}">
      <div class="row">
        <button class="icon" aria-label=${this.t("common.back")} @click=${()=>this.back()}>
          <cg-icon .path=${Q}></cg-icon>
        </button>
        <h2>${this.t("add.title")}</h2>
      </div>
      <ol class="steps">
        ${C.map(H=>M`<li aria-current=${H===this.step?"step":"false"} ?data-now=${H===this.step}>
            ${this.t(`add.step_${H}`)}
          </li>`)}
      </ol>
      ${this.step==="camera"?this.cameraStep(this.choices):this.step==="zones"?this.zonesStep():this.stateStep()}
    </div>`}back(){this.step==="camera"?g(m("cameras")):this.step=this.step==="state"?"zones":"camera"}byAddress(){return M`<a href="/config/integrations/integration/camguard">${this.t("add.by_address")}</a>`}cameraStep(C){if(C.sources.length===0)return K(z1,this.t("add.none"),M`<a class="button tonal" href="/config/integrations/dashboard">${this.t("add.none_hint")}</a><br /><br />${this.byAddress()}`);let H=Object.values(this.app.hass().states).filter(V=>C.trigger_domains.includes(V.entity_id.split(".")[0]??"")).map(V=>({id:V.entity_id,name:typeof V.attributes.friendly_name=="string"?V.attributes.friendly_name:V.entity_id})).sort((V,e)=>V.name.localeCompare(e.name));return M`<div class="card"><div class="card-content stack">
        <label class="field"
          >${this.t("add.source")}
          <select @change=${V=>this.source=V.target.value}>
            <option value="" ?selected=${!this.source}>${this.t("add.choose")}</option>
            ${C.sources.map(V=>M`<option value=${V.entity_id} ?selected=${V.entity_id===this.source}>
                  ${V.name} (${V.entity_id})
                </option>`)}
          </select>
        </label>
        <p class="secondary" style="margin:0">${this.byAddress()}</p>
        <label class="field"
          >${this.t("add.place")}
          <input
            maxlength="200"
            .value=${this.place}
            placeholder=${this.t("add.place_hint")}
            @input=${V=>this.place=V.target.value}
          />
        </label>
        <fieldset style="border:0;padding:0;margin:16px 0 0">
          <legend class="secondary">${this.t("add.mode")}</legend>
          ${["event","continuous","continuous_full"].map(V=>M`<label class="check option">
                <input
                  type="radio"
                  name="mode"
                  .checked=${V===this.mode}
                  @change=${()=>this.mode=V}
                />
                <span>${this.t(`add.mode_${V}`)}</span>
              </label>`)}
        </fieldset>
        ${this.mode==="event"?M`<div>
                <p class="secondary">${this.t("add.triggers")}</p>
                <div class="triggers">
                  ${H.map(V=>M`<label class="check">
                        <input
                          type="checkbox"
                          .checked=${this.triggers.includes(V.id)}
                          @change=${e=>{let t=e.target.checked;this.triggers=t?[...this.triggers,V.id]:this.triggers.filter(o=>o!==V.id)}}
                        />
                        <span>${V.name}<br /><span class="secondary">${V.id}</span></span>
                      </label>`)}
                </div>
              </div>`:""}
      </div>
      <div class="card-actions">
        <span class="grow secondary" style="padding:0 8px"
          >${this.t("add.more")} <a href="/config/integrations/integration/camguard">${this.t("common.integration")}</a></span
        >
        <button
          class="filled"
          ?disabled=${!this.source||!this.place.trim()}
          @click=${()=>{this.target.source!==this.source&&(this.target={source:this.source}),this.step="zones"}}
        >
          ${this.t("common.next")}
        </button>
      </div></div>`}zonesStep(){return M`<cg-zone-editor
        .app=${this.app}
        .target=${this.target}
        .initial=${s7}
        @change=${C=>{({zones:this.zones,fit:this.fit,reference:this.reference}=C.detail)}}
      ></cg-zone-editor>
      <div class="row" style="justify-content:flex-end;margin-top:16px">
        <button
          class="filled"
          ?disabled=${!this.fit}
          @click=${()=>{this.seen=this.editor?.seen?.image??"",this.stated=!1,this.trouble=null,this.step="state"}}
        >
          ${this.t("common.next")}
        </button>
      </div>`}stateStep(){return M`<div class="card"><div class="card-content">
        ${this.seen?M`<img src="data:image/jpeg;base64,${this.seen}" alt=${this.t("zones.preview")} />`:""}
        <label class="check">
          <input
            type="checkbox"
            .checked=${this.stated}
            @change=${C=>this.stated=C.target.checked}
          />
          <span>${this.t("zones.statement")}</span>
        </label>
        <p class="secondary">${this.t("zones.save_noted")}</p>
        ${this.saving?M`<progress aria-label=${this.t("common.saving")}></progress>`:""}
        ${this.trouble?y(this.app,this.trouble):""}
      </div>
      <div class="card-actions">
        <span class="grow"></span>
        <button class="filled" ?disabled=${!this.stated||this.saving} @click=${()=>{this.save()}}>
          ${this.t("add.guard")}
        </button>
      </div></div>`}async save(){this.saving=!0,this.trouble=null;try{await this.app.client.call("cameras/add",{source:this.source,place:this.place,mode:this.mode,triggers:this.mode==="event"?this.triggers:[],zones:U1(this.zones),statement:this.stated,reference:this.reference},I3),L5(JSON.stringify(this.target)),this.app.toast(this.t("add.done")),g(m("cameras"))}catch(C){this.trouble=C}this.saving=!1}};i([A()],G.prototype,"choices",2),i([A()],G.prototype,"trouble",2),i([A()],G.prototype,"step",2),i([A()],G.prototype,"source",2),i([A()],G.prototype,"place",2),i([A()],G.prototype,"mode",2),i([A()],G.prototype,"triggers",2),i([A()],G.prototype,"zones",2),i([A()],G.prototype,"reference",2),i([A()],G.prototype,"fit",2),i([A()],G.prototype,"stated",2),i([A()],G.prototype,"saving",2),i([U("cg-zone-editor")],G.prototype,"editor",2);c("cg-add",G);var p0=600,l7=3e3,V1=class extends h{constructor(){super(...arguments);this.cameraId="";this.known=null;this.trouble=null;this.seen=null;this.seenTrouble=null;this.chosen=-1;this.tool="edit";this.view=t2;this.saving=!1;this.history=null;this.timer=0}static{this.styles=[u,v`
      .top {
        display: flex;
        align-items: center;
        gap: 8px;
        flex-wrap: wrap;
        margin-bottom: 12px;
      }
      .layout {
        display: grid;
        grid-template-columns: minmax(0, 2fr) minmax(260px, 1fr);
        gap: 16px;
      }
      @media (max-width: 870px) {
        .layout {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      .tools {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
        padding-bottom: 8px;
        align-items: center;
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 16px;
        padding-top: 8px;
      }
      .legend span {
        display: inline-flex;
        align-items: center;
        gap: 6px;
      }
      .legend i {
        width: 14px;
        height: 14px;
        border-radius: 3px;
        display: inline-block;
        border: 2px solid transparent;
      }
      .changed {
        background: #e8833a;
      }
      .counts {
        border-color: var(--primary-text-color) !important;
      }
      .low {
        border-color: var(--secondary-text-color) !important;
        border-style: dashed !important;
      }
      .slider {
        display: block;
        padding: 8px 0;
      }
      .slider div {
        display: flex;
        justify-content: space-between;
      }
      .slider input {
        width: 100%;
        min-height: 44px;
        margin: 0;
        accent-color: var(--primary-color);
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        display: flex;
        align-items: center;
        gap: 4px;
      }
      li[data-chosen] {
        background: color-mix(in srgb, var(--primary-color) 14%, transparent);
        border-radius: 8px;
      }
      .waiting {
        aspect-ratio: 16 / 9;
        display: grid;
        place-items: center;
      }
    `]}connectedCallback(){super.connectedCallback(),this.lookSoon(0)}disconnectedCallback(){super.disconnectedCallback(),window.clearTimeout(this.timer)}willUpdate(C){C.has("cameraId")&&this.load()}get settings(){return this.history?.present??null}async load(){this.trouble=null;try{let C=await this.app.client.call("motion/get",{camera_id:this.cameraId},F3);this.history=new r2({enabled:C.enabled,triggers:C.triggers,sensitivity:C.sensitivity,least:C.least_height,areas:C.leave_out.map(H=>({name:H.name,points:C5(H.points)}))}),this.known=C,this.lookSoon(0)}catch(C){this.trouble=C}}lookSoon(C=p0){window.clearTimeout(this.timer),this.timer=window.setTimeout(()=>{this.look()},C)}async look(){if(!this.settings||document.hidden){this.lookSoon();return}let C=this.timer;try{this.seen=await this.app.client.call("motion/look",this.asked,E3),this.seenTrouble=null}catch(H){this.seenTrouble=H}this.isConnected&&C===this.timer&&this.lookSoon(this.seenTrouble?l7:p0)}get asked(){let C=this.settings,H=this.known?.max_points??0;return{camera_id:this.cameraId,sensitivity:C?.sensitivity,least_height:C?.least,leave_out:U1((C?.areas??[]).filter(V=>e2(V.points,H)===null))}}change(C,H=null){let V=this.history;V&&(V.push({...V.present,...C},H),this.chosen>=V.present.areas.length&&(this.chosen=-1),this.requestUpdate())}step(C){C?this.history?.undo():this.history?.redo(),this.change({}),this.chosen=-1}async save(){let C=this.settings;if(C){this.saving=!0;try{await this.app.client.call("motion/save",{...this.asked,enabled:C.enabled,triggers:C.triggers},J1),this.app.toast(this.t("motion.saved")),g(m("cameras"))}catch(H){this.app.toast(H)}this.saving=!1}}render(){if(this.trouble)return M`<div class="page">${y(this.app,this.trouble,()=>{this.load()})}</div>`;let C=this.settings;return!this.known||!C?B(this.app):M`<div class="page">
      <div class="top">
        <button class="icon" aria-label=${this.t("common.back")} @click=${()=>g(m("cameras"))}>
          <cg-icon .path=${Q}></cg-icon>
        </button>
        <h2 class="grow">${this.t("motion.title",{camera:this.known.name})}</h2>
        <button class="filled" ?disabled=${this.saving||!this.history?.canUndo} @click=${()=>{this.save()}}>
          ${this.saving?this.t("common.saving"):this.t("common.save")}
        </button>
      </div>
      <div class="layout">
        <div>${this.board(C)}</div>
        <div>${this.controls(C)}</div>
      </div>
    </div>`}board(C){let H=C.areas.length>=(this.known?.max_zones??0),V=(e,t,o)=>M`<button
      class="tonal"
      aria-pressed=${this.tool===e?"true":"false"}
      ?disabled=${H||!this.seen}
      @click=${()=>{this.canvas?.cancelDraft(),this.tool=this.tool===e?"edit":e,this.chosen=-1}}
    >
      <cg-icon .path=${t}></cg-icon>${this.t(o)}
    </button>`;return M`<div class="tools" role="toolbar" aria-label=${this.t("motion.areas")}>
        ${V("rectangle",O2,"motion.leave_out")} ${V("corners",S2,"zones.draw")}
        <span class="grow"></span>
        <button
          class="icon"
          aria-label=${this.t("zones.undo")}
          title=${this.t("zones.undo")}
          ?disabled=${!this.history?.canUndo}
          @click=${()=>this.step(!0)}
        >
          <cg-icon .path=${y2}></cg-icon>
        </button>
        <button
          class="icon"
          aria-label=${this.t("zones.redo")}
          title=${this.t("zones.redo")}
          ?disabled=${!this.history?.canRedo}
          @click=${()=>this.step(!1)}
        >
          <cg-icon .path=${b2}></cg-icon>
        </button>
      </div>
      ${this.seenTrouble?y(this.app,this.seenTrouble):""}
      ${this.seen?M`<cg-zone-canvas
              .app=${this.app}
              .picture=${`data:image/jpeg;base64,${this.seen.image}`}
              .width=${this.seen.width}
              .height=${this.seen.height}
              .zones=${C.areas}
              .chosen=${this.chosen}
              .tool=${this.tool}
              .view=${this.view}
              .most=${this.known?.max_points??0}
              @points=${e=>this.move(e.detail)}
              @drawn=${e=>this.add(e.detail)}
              @choose=${e=>this.chosen=e.detail}
              @view=${e=>this.view=e.detail}
            ></cg-zone-canvas>`:this.seenTrouble?"":M`<div class="waiting">${B(this.app)}</div>`}
      <p role="status" aria-live="off">${this.found()}</p>
      <div class="legend secondary">
        <span><i class="changed"></i>${this.t("motion.legend_changed")}</span>
        <span><i class="counts"></i>${this.t("motion.legend_counts")}</span>
        <span><i class="low"></i>${this.t("motion.legend_low")}</span>
      </div>`}found(){let C=this.seen;if(!C)return"";let H=this.app.format.percent(C.tallest/100);return C.things>0?this.t("motion.seen",{count:C.things,height:H}):C.tallest>0?this.t("motion.seen_low",{height:H}):this.t("motion.seen_none")}controls(C){return M`<label class="check">
        <input
          type="checkbox"
          .checked=${C.enabled}
          @change=${H=>this.change({enabled:H.target.checked})}
        />
        <span>${this.t("motion.enabled")}</span>
      </label>
      <label class="check">
        <input
          type="checkbox"
          .checked=${C.triggers}
          ?disabled=${!C.enabled}
          @change=${H=>this.change({triggers:H.target.checked})}
        />
        <span>${this.t("motion.triggers")}</span>
      </label>
      ${this.known?.mode==="continuous"?M`<p class="secondary">${this.t("motion.adaptive")}</p>`:""}
      ${this.slider("sensitivity",C.sensitivity,0,100,5,H=>this.change({sensitivity:H},"s"))}
      ${this.slider("least_height",C.least,1,50,1,H=>this.change({least:H},"h"))}
      <h3>${this.t("motion.areas")}</h3>
      <p class="secondary">${this.t("motion.areas_hint")}</p>
      <ul>
        ${C.areas.map((H,V)=>M`<li ?data-chosen=${V===this.chosen}>
            <button class="icon" aria-label=${this.t("zones.choose",{zone:H.name})} @click=${()=>this.chosen=V}>
              <cg-icon .path=${h1}></cg-icon>
            </button>
            <span class="grow">${H.name}</span>
            <button
              class="icon"
              aria-label=${this.t("zones.delete",{zone:H.name})}
              @click=${()=>this.change({areas:C.areas.filter((e,t)=>t!==V)})}
            >
              <cg-icon .path=${Y}></cg-icon>
            </button>
          </li>`)}
      </ul>`}slider(C,H,V,e,t,o){return M`<label class="slider">
      <div><span>${this.t(`motion.${C}`)}</span><span>${this.app.format.percent(H/100)}</span></div>
      <input
        type="range"
        min=${V}
        max=${e}
        step=${t}
        .value=${String(H)}
        @input=${a=>o(Number(a.target.value))}
      />
      <span class="secondary">${this.t(`motion.${C}_hint`)}</span>
    </label>`}add(C){let H=this.settings?.areas??[],V=this.t("motion.area_name",{number:H.length+1});this.change({areas:[...H,{name:V,points:C}]}),this.canvas?.cancelDraft(),this.tool="edit",this.chosen=H.length}move({points:C,gesture:H}){let V=this.settings?.areas??[];this.change({areas:V.map((e,t)=>t===this.chosen?{...e,points:C}:e)},H)}};i([p()],V1.prototype,"cameraId",2),i([A()],V1.prototype,"known",2),i([A()],V1.prototype,"trouble",2),i([A()],V1.prototype,"seen",2),i([A()],V1.prototype,"seenTrouble",2),i([A()],V1.prototype,"chosen",2),i([A()],V1.prototype,"tool",2),i([A()],V1.prototype,"view",2),i([A()],V1.prototype,"saving",2),i([U("cg-zone-canvas")],V1.prototype,"canvas",2);c("cg-motion",V1);var G1=class extends X{constructor(){super(...arguments);this.heading="";this.open=!1;this.busy=!1}static{this.styles=[u,v`
      dialog {
        border: 0;
        padding: 0;
        border-radius: var(--ha-dialog-border-radius, 24px);
        width: min(560px, calc(100vw - 32px));
        max-height: calc(100dvh - 32px);
        background: var(--ha-dialog-surface-background, var(--card-background-color, #fff));
        color: var(--primary-text-color);
        box-shadow: 0 8px 32px rgb(0 0 0 / 35%);
      }
      dialog[open] {
        display: flex;
        flex-direction: column;
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 50%);
      }
      header {
        padding: 24px 24px 8px;
      }
      .content {
        padding: 8px 24px;
        overflow: auto;
      }
      footer {
        padding: 16px 24px 20px;
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        justify-content: flex-end;
      }
      @media (max-width: 450px) {
        dialog {
          width: 100vw;
          max-width: 100vw;
          margin: auto 0 0;
          border-radius: 24px 24px 0 0;
          max-height: calc(100dvh - 24px);
        }
      }
    `]}updated(){this.open&&!this.dialog.open&&this.dialog.showModal(),!this.open&&this.dialog.open&&this.dialog.close()}render(){return M`<dialog
      aria-labelledby="heading"
      @cancel=${C=>{C.preventDefault(),this.leave()}}
      @click=${C=>{C.target===this.dialog&&this.leave()}}
    >
      <header><h2 id="heading">${this.heading}</h2></header>
      <div class="content"><slot></slot></div>
      <footer><slot name="actions"></slot></footer>
    </dialog>`}leave(){this.busy||this.dispatchEvent(new CustomEvent("closed"))}};i([p()],G1.prototype,"heading",2),i([p({type:Boolean})],G1.prototype,"open",2),i([p({type:Boolean})],G1.prototype,"busy",2),i([U("dialog")],G1.prototype,"dialog",2);c("cg-dialog",G1);var L1=class extends h{constructor(){super(...arguments);this.cameraId="";this.known=null;this.trouble=null;this.drawn=null;this.asking=!1;this.stated=!1;this.saving=!1;this.saveTrouble=null;this.theirs=null;this.lastTarget={}}static{this.styles=[u,v`
      .top {
        display: flex;
        align-items: center;
        gap: 8px;
        flex-wrap: wrap;
        margin-bottom: 12px;
      }
    `]}get target(){return{camera_id:this.cameraId}}willUpdate(C){C.has("cameraId")&&this.load()}async load(){this.trouble=null;try{this.known=await this.app.client.call("zones/get",this.target,g5)}catch(C){this.trouble=C}}render(){if(this.trouble)return M`<div class="page">${y(this.app,this.trouble,()=>{this.load()})}</div>`;if(!this.known)return B(this.app);let C=this.app.news.cameras.find(t=>t.camera_id===this.cameraId),H=this.app.hass().states,V=C?.entity_id?H[C.entity_id]?.attributes.entity_picture:"",e=C?this.app.texts.fault(C.reason,C.detail):null;return M`<div class="page">
      <div class="top">
        <button class="icon" aria-label=${this.t("common.back")} @click=${()=>g(m("cameras"))}>
          <cg-icon .path=${Q}></cg-icon>
        </button>
        <h2 class="grow">${this.t("zones.title",{camera:this.known.name})}</h2>
        <button
          class="filled"
          ?disabled=${!this.drawn?.fit||!(this.drawn.changed||C?.reason==="camera_moved")}
          @click=${()=>{this.stated=!1,this.saveTrouble=null,this.asking=!0}}
        >
          ${this.t("common.save")}
        </button>
      </div>
      ${e?b(T,e,"warning"):""}
      <cg-zone-editor
        .app=${this.app}
        .target=${this.editorTarget}
        .initial=${this.zonesOf(this.known)}
        .mostPoints=${this.known.max_points}
        .mostZones=${this.known.max_zones}
        .still=${typeof V=="string"?V:""}
        @change=${t=>this.drawn=t.detail}
      ></cg-zone-editor>
      ${this.saveDialog()}${this.conflictDialog()}
    </div>`}get editorTarget(){return this.lastTarget.camera_id!==this.cameraId&&(this.lastTarget=this.target),this.lastTarget}zonesOf(C){return C.zones.map(H=>({name:H.name,points:C5(H.points)}))}saveDialog(){let C=this.editor?.seen;return M`<cg-dialog
      .open=${this.asking}
      .busy=${this.saving}
      .heading=${this.t("zones.save_title")}
      @closed=${()=>this.asking=!1}
    >
      ${C?M`<img style="width:100%;border-radius:8px" src="data:image/jpeg;base64,${C.image}" alt=${this.t("zones.preview")} />`:""}
      <label class="check">
        <input
          type="checkbox"
          .checked=${this.stated}
          @change=${H=>this.stated=H.target.checked}
        />
        <span>${this.t("zones.statement")}</span>
      </label>
      <p class="secondary">${this.t("zones.save_noted")}</p>
      ${this.saving?M`<progress aria-label=${this.t("common.saving")}></progress>`:""}
      ${this.saveTrouble?y(this.app,this.saveTrouble):""}
      <button slot="actions" ?disabled=${this.saving} @click=${()=>this.asking=!1}>
        ${this.t("common.cancel")}
      </button>
      <button slot="actions" class="filled" ?disabled=${!this.stated||this.saving} @click=${()=>{this.save()}}>
        ${this.t("common.save")}
      </button>
    </cg-dialog>`}conflictDialog(){let C=this.theirs;return M`<cg-dialog
      .open=${C!==null}
      .heading=${this.t("zones.conflict_title")}
      @closed=${()=>this.theirs=null}
    >
      <p>${this.t("zones.conflict")}</p>
      <button
        slot="actions"
        @click=${()=>{C&&this.editor.replace(this.zonesOf(C)),C&&(this.known=C),this.theirs=null}}
      >
        ${this.t("zones.take_theirs")}
      </button>
      <button
        slot="actions"
        class="filled"
        @click=${()=>{this.known=C,this.theirs=null,this.stated=!1,this.asking=!0}}
      >
        ${this.t("zones.keep_mine")}
      </button>
    </cg-dialog>`}async save(){if(!(!this.drawn||!this.known)){this.saving=!0,this.saveTrouble=null;try{await this.app.client.call("zones/save",{...this.target,zones:U1(this.drawn.zones),revision:this.known.revision,statement:this.stated,...this.drawn.reference?{reference:this.drawn.reference}:{}},N3),L5(JSON.stringify(this.lastTarget)),this.app.toast(this.t("zones.saved")),g(m("cameras"))}catch(C){D(C).key==="zones_changed_meanwhile"?(this.asking=!1,this.theirs=await this.app.client.call("zones/get",this.target,g5)):this.saveTrouble=C}this.saving=!1}}};i([p()],L1.prototype,"cameraId",2),i([A()],L1.prototype,"known",2),i([A()],L1.prototype,"trouble",2),i([A()],L1.prototype,"drawn",2),i([A()],L1.prototype,"asking",2),i([A()],L1.prototype,"stated",2),i([A()],L1.prototype,"saving",2),i([A()],L1.prototype,"saveTrouble",2),i([A()],L1.prototype,"theirs",2),i([U("cg-zone-editor")],L1.prototype,"editor",2);c("cg-zones",L1);function s0(r,L,C,H){let[V,e]=[Math.max(r,C),Math.min(L??H,H)];return e<=C||V>=H||e<V?null:{left:(V-C)/(H-C),width:(e-V)/(H-C)}}function i2(r,L){let C=new Intl.DateTimeFormat("en-US",{timeZone:r,hourCycle:"h23",year:"numeric",month:"numeric",day:"numeric",hour:"numeric",minute:"numeric",second:"numeric"}).formatToParts(new Date(L*1e3)),H=e=>Number(C.find(t=>t.type===e)?.value);return Date.UTC(H("year"),H("month")-1,H("day"),H("hour"),H("minute"),H("second"))/1e3-Math.floor(L)}function I(r,L){let C=Date.parse(`${r}T00:00:00Z`)/1e3,H=C-i2(L,C);return C-i2(L,H)}function f1(r,L){return new Date((r+i2(L,r))*1e3).toISOString().slice(0,10)}function s1(r,L){return new Date(Date.parse(`${r}T00:00:00Z`)+L*864e5).toISOString().slice(0,10)}function Q1(r,L){return new Date((r+i2(L,r))*1e3).toISOString().slice(0,19)}function e3(r,L){let C=Date.parse(`${r.length===16?`${r}:00`:r}Z`)/1e3;return C-i2(L,C-i2(L,C))}var m7=30,v7=s({certificate_link:n}),l1=class extends h{constructor(){super(...arguments);this.clips=[];this.act=null;this.reason="";this.until="";this.sure=!1;this.busy=!1;this.trouble=null}static{this.styles=[u,v`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
      }
    `]}render(){if(!S1(this.app))return"";let C=this.clips.length===0,H=this.clips.filter(V=>V.hold).length;return M`<button ?disabled=${C} @click=${()=>this.begin("hold")}>
        <cg-icon .path=${J}></cg-icon>${this.t(H&&H===this.clips.length?"clips.change_hold":"clips.hold")}
      </button>
      <button ?disabled=${H===0||H<this.clips.length} @click=${()=>this.begin("release")}>
        <cg-icon .path=${B5}></cg-icon>${this.t("clips.release")}
      </button>
      <button
        ?disabled=${C}
        @click=${()=>g(m("disclose","","",{clips:this.clips.map(V=>V.clip_id).join(",")}))}
      >
        <cg-icon .path=${g2}></cg-icon>${this.t("clips.disclose")}
      </button>
      <button ?disabled=${C} @click=${()=>this.begin("erase")}>
        <cg-icon .path=${Y}></cg-icon>${this.t("clips.erase")}
      </button>
      ${this.dialog()}`}begin(C){this.act=C,this.reason=C==="hold"?this.clips[0]?.hold?.reason??"":"",this.until=s1(f1(Date.now()/1e3,this.app.zone),m7),this.sure=!1,this.trouble=null}dialog(){let C=this.act??"hold",H=this.clips.length,V=this.clips.filter(e=>e.hold).length;return M`<cg-dialog
      .open=${this.act!==null}
      .busy=${this.busy}
      .heading=${this.t(`clips.${C}_title`,{count:H})}
      @closed=${()=>this.act=null}
    >
      <p>${this.t(`clips.${C}_hint`,{count:H})}</p>
      ${C==="hold"?M`<p class="secondary">${this.t("common.purpose",{purpose:this.app.news.site?.purpose??""})}</p>`:""}
      ${C==="erase"&&V?b(J,this.t("clips.erase_held",{count:V}),"warning"):""}
      <label class="field"
        >${this.t("clips.reason")}
        <textarea
          rows="2"
          maxlength="500"
          .value=${this.reason}
          @input=${e=>this.reason=e.target.value}
        ></textarea>
      </label>
      ${C==="hold"?M`<label class="field" style="margin-top:12px"
              >${this.t("clips.until")}
              <input
                type="date"
                .value=${this.until}
                min=${s1(f1(Date.now()/1e3,this.app.zone),1)}
                @input=${e=>this.until=e.target.value}
              />
            </label>`:""}
      ${C==="erase"?M`<label class="check">
              <input
                type="checkbox"
                .checked=${this.sure}
                @change=${e=>this.sure=e.target.checked}
              />
              <span>${this.t("clips.erase_sure")}</span>
            </label>`:""}
      <p class="secondary" style="margin-top:12px">${this.t(`clips.${C}_noted`)}</p>
      ${this.busy?M`<progress aria-label=${this.t("common.saving")}></progress>`:""}
      ${this.trouble?y(this.app,this.trouble):""}
      <button slot="actions" ?disabled=${this.busy} @click=${()=>this.act=null}>${this.t("common.cancel")}</button>
      <button
        slot="actions"
        class=${C==="erase"?"danger":"filled"}
        ?disabled=${this.busy||!this.reason.trim()||C==="hold"&&!this.until||C==="erase"&&(!this.sure||V===H)}
        @click=${()=>{this.carryOut(C)}}
      >
        ${this.t(`clips.${C}`)}
      </button>
    </cg-dialog>`}async carryOut(C){this.busy=!0,this.trouble=null;let H=this.clips.map(V=>V.clip_id);try{if(C==="erase")await this.app.client.act("wipe_media",{scope:"clips",clip_ids:H,reason:this.reason,include_held:!1,confirm:!0},v7);else{let V=C==="hold"?{until:this.until}:{};await this.app.client.act(C,{clip_ids:H,reason:this.reason,...V},Y1)}this.act=null,this.app.toast(this.t(`clips.${C}_done`,{count:H.length})),this.emit("done",C)}catch(V){this.trouble=V}this.busy=!1}};i([p({attribute:!1})],l1.prototype,"clips",2),i([A()],l1.prototype,"act",2),i([A()],l1.prototype,"reason",2),i([A()],l1.prototype,"until",2),i([A()],l1.prototype,"sure",2),i([A()],l1.prototype,"busy",2),i([A()],l1.prototype,"trouble",2);c("cg-clip-actions",l1);var l0={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},m0=r=>(...L)=>({_$litDirective$:r,values:L}),e5=class{constructor(L){}get _$AU(){return this._$AM._$AU}_$AT(L,C,H){this._$Ct=L,this._$AM=C,this._$Ci=H}_$AS(L,C){return this.update(L,C)}update(L,C){return this.render(...C)}};var{I:x7}=w3,v0=r=>r;var x0=()=>document.createComment(""),o2=(r,L,C)=>{let H=r._$AA.parentNode,V=L===void 0?r._$AB:L._$AA;if(C===void 0){let e=H.insertBefore(x0(),V),t=H.insertBefore(x0(),V);C=new x7(e,t,r,r.options)}else{let e=C._$AB.nextSibling,t=C._$AM,o=t!==r;if(o){let a;C._$AQ?.(r),C._$AM=r,C._$AP!==void 0&&(a=r._$AU)!==t._$AU&&C._$AP(a)}if(e!==V||o){let a=C._$AA;for(;a!==e;){let l=v0(a).nextSibling;v0(H).insertBefore(a,V),a=l}}}return C},k1=(r,L,C=r)=>(r._$AI(L,C),r),c7={},c0=(r,L=c7)=>r._$AH=L,u0=r=>r._$AH,r5=r=>{r._$AR(),r._$AA.remove()};var Z0=(r,L,C)=>{let H=new Map;for(let V=L;V<=C;V++)H.set(r[V],V);return H},r3=m0(class extends e5{constructor(r){if(super(r),r.type!==l0.CHILD)throw Error("repeat() can only be used in text expressions")}dt(r,L,C){let H;C===void 0?C=L:L!==void 0&&(H=L);let V=[],e=[],t=0;for(let o of r)V[t]=H?H(o,t):t,e[t]=C(o,t),t++;return{values:e,keys:V}}render(r,L,C){return this.dt(r,L,C).values}update(r,[L,C,H]){let V=u0(r),{values:e,keys:t}=this.dt(L,C,H);if(!Array.isArray(V))return this.ut=t,e;let o=this.ut??=[],a=[],l,f,x=0,w=V.length-1,k=0,_=e.length-1;for(;x<=w&&k<=_;)if(V[x]===null)x++;else if(V[w]===null)w--;else if(o[x]===t[k])a[k]=k1(V[x],e[k]),x++,k++;else if(o[w]===t[_])a[_]=k1(V[w],e[_]),w--,_--;else if(o[x]===t[_])a[_]=k1(V[x],e[_]),o2(r,a[_+1],V[x]),x++,_--;else if(o[w]===t[k])a[k]=k1(V[w],e[k]),o2(r,V[x],V[w]),w--,k++;else if(l===void 0&&(l=Z0(t,k,_),f=Z0(o,x,w)),l.has(o[x]))if(l.has(o[w])){let v1=f.get(t[k]),n5=v1!==void 0?V[v1]:null;if(n5===null){let d3=o2(r,V[x]);k1(d3,e[k]),a[k]=d3}else a[k]=k1(n5,e[k]),o2(r,V[x],n5),V[v1]=null;k++}else r5(V[w]),w--;else r5(V[x]),x++;for(;k<=_;){let v1=o2(r,a[_+1]);k1(v1,e[k]),a[k++]=v1}for(;x<=w;){let v1=V[x++];v1!==null&&r5(v1)}return this.ut=t,c0(r,a),u1}});function M3(r,L){let[C,H]=[0,0];return r.map(V=>{let e=L.header+Math.ceil(V.clips/L.columns)*L.row,t={day:V,first:C,top:H,height:e};return C+=V.clips,H+=e,t})}function h0(r){let L=r.at(-1);return L?L.top+L.height:0}function t3(r,L,C){return r.filter(H=>H.top<C&&H.top+H.height>L)}function i3(r,L,C,H){let V=r.top+L.header,e=Math.max(Math.floor((C-V)/L.row),0),t=Math.min(Math.ceil((H-V)/L.row),Math.ceil(r.day.clips/L.columns)),o=[];for(let a=e;a<t;a++)for(let l=0;l<L.columns;l++){let f=a*L.columns+l;f<r.day.clips&&o.push({index:r.first+f,top:V+a*L.row,column:l})}return o}function S0(r,L,C){return[...new Set(r.map(V=>Math.floor(V/L)))].filter(V=>!C(V)).sort((V,e)=>V-e)}var w2=60,u7=220,M5=600,Z7=8*6e4,O1=class extends h{constructor(){super(...arguments);this.days=[];this.filter={};this.choosing=!1;this.chosen=new Map;this.seen={top:0,height:800,width:1e3};this.pages=new Map;this.fetching=new Set;this.scroller=null;this.frame=0;this.offset=0;this.sized=new ResizeObserver(()=>this.settle());this.onScroll=()=>{this.frame||(this.frame=requestAnimationFrame(()=>{this.frame=0,this.measure()}))}}static{this.styles=[u,v`
      .shelf {
        position: relative;
        contain: layout style;
      }
      .day {
        position: absolute;
        left: 0;
        right: 0;
        height: 48px;
        display: flex;
        align-items: end;
        padding-bottom: 8px;
        justify-content: space-between;
      }
      .tile {
        contain: strict;
        position: absolute;
        padding: 4px;
      }
      .tile > a {
        display: block;
        text-decoration: none;
        color: inherit;
        border-radius: 12px;
        overflow: hidden;
        background: var(--card-background-color);
        border: 1px solid var(--divider-color);
        height: 100%;
      }
      .tile img,
      .tile .blank {
        display: block;
        width: 100%;
        aspect-ratio: 16 / 9;
        object-fit: cover;
        background: #1a1a1a;
      }
      .tile .words {
        padding: 6px 10px;
        font-size: 12px;
        white-space: nowrap;
        overflow: hidden;
      }
      .tile .words div {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .tile .first {
        font-size: 14px;
        font-weight: 500;
        display: flex;
        align-items: center;
        gap: 4px;
      }
      .tile .first cg-icon {
        --cg-icon-size: 16px;
      }
      .tile input {
        position: absolute;
        top: 12px;
        left: 12px;
        width: 28px;
        height: 28px;
      }
    `]}connectedCallback(){super.connectedCallback(),this.updateComplete.then(()=>{this.scroller=this.closestScroller(),this.scroller?.addEventListener("scroll",this.onScroll,{passive:!0}),this.scroller&&this.sized.observe(this.scroller),this.parentElement&&this.sized.observe(this.parentElement)})}disconnectedCallback(){super.disconnectedCallback(),this.scroller?.removeEventListener("scroll",this.onScroll),this.sized.disconnect()}willUpdate(C){(C.has("filter")||C.has("days"))&&(this.pages=new Map,this.fetching=new Set)}render(){let C=M3(this.days,this.sizes);return M`<div class="shelf" style="height:${h0(C)}px">${this.visible(C)}</div>`}async fetchPage(C){let H=this.pages,V=this.fetching;V.add(C);try{let{clips:e}=await this.app.client.call("clips/list",{...this.filter,limit:w2,offset:C*w2},B3);if(H!==this.pages)return;H.set(C,{at:Date.now(),clips:e}),this.requestUpdate()}catch(e){H===this.pages&&this.app.toast(e)}finally{V.delete(C)}}closestScroller(){let C=this.getRootNode();for(;C instanceof ShadowRoot;){let H=C.querySelector("main");if(H)return H;C=C.host.getRootNode()}return null}measure(){if(!this.scroller)return;let{top:C,height:H,width:V}=this.seen,e=this.scroller.scrollTop-this.offset;e!==C&&(this.seen={top:e,height:H,width:V})}settle(){if(!this.scroller||!this.shelf)return;let[C,H]=[this.scroller.getBoundingClientRect(),this.shelf.getBoundingClientRect()];this.offset=H.top-C.top+this.scroller.scrollTop,this.seen={top:C.top-H.top,height:C.height,width:H.width}}get sizes(){let C=Math.max(Math.floor(this.seen.width/u7),2),H=this.seen.width/C;return{columns:C,row:Math.round((H-10)*(9/16)+66),header:48}}updated(){let C=this.shownIndices(M3(this.days,this.sizes));for(let H of S0(C,w2,V=>this.isFresh(V)||this.fetching.has(V)))this.fetchPage(H)}isFresh(C){let H=this.pages.get(C);return H!==void 0&&Date.now()-H.at<Z7}shownIndices(C){let[H,V]=[this.seen.top-M5,this.seen.top+this.seen.height+M5];return t3(C,H,V).flatMap(e=>i3(e,this.sizes,H,V).map(t=>t.index))}visible(C){let[H,V]=[this.seen.top-M5,this.seen.top+this.seen.height+M5],e=this.sizes;return r3(t3(C,H,V),t=>t.day.start,t=>M`<div class="day" style="top:${t.top}px">
            <h3>${this.app.format.day(t.day.start+43200)}</h3>
            <span class="secondary">${t.day.clips}</span>
          </div>
          ${r3(i3(t,e,H,V),o=>o.index,o=>{let a=this.pages.get(Math.floor(o.index/w2))?.clips[o.index%w2],l=100/e.columns,f=`top:${o.top}px;left:${o.column*l}%;width:${l}%;height:${e.row}px`;return M`<div class="tile" style=${f}>${a?this.tile(a):M`<a><div class="blank"></div></a>`}</div>`})}`)}tile(C){let{format:H}=this.app,V=m("clips",C.clip_id),e=this.app.cameraName(C.camera_id),t=this.chosen.has(C.clip_id),o=`${e}, ${H.moment(C.start)}`;return M`<a
        href=${V}
        aria-label=${o}
        @click=${a=>{a.ctrlKey||a.metaKey||(a.preventDefault(),this.choosing?this.emit("choose",{clip:C,on:!t}):g(V))}}
      >
        <img src=${C.thumbnail} alt="" loading="lazy" decoding="async" />
        <div class="words">
          <div class="first">
            ${H.time(C.start,!0)} · ${H.length(C.end-C.start)}
            ${C.hold?M`<cg-icon .path=${J}></cg-icon><span class="visually-hidden">${this.t("clips.is_held")}</span>`:""}
          </div>
          <div class="secondary">${e} · ${this.triggerOf(C)}</div>
        </div>
      </a>
      ${this.choosing?M`<input
              type="checkbox"
              aria-label=${o}
              .checked=${t}
              @change=${a=>this.emit("choose",{clip:C,on:a.target.checked})}
            />`:""}`}triggerOf(C){let H=C.trigger.entity_id,V=H?this.app.hass().states[H]?.attributes.friendly_name:null;return C.trigger.reason??(typeof V=="string"?V:H??this.t(`clips.kind_${C.trigger.kind}`))}};i([p({attribute:!1})],O1.prototype,"days",2),i([p({attribute:!1})],O1.prototype,"filter",2),i([p({type:Boolean})],O1.prototype,"choosing",2),i([p({attribute:!1})],O1.prototype,"chosen",2),i([A()],O1.prototype,"seen",2),i([U(".shelf")],O1.prototype,"shelf",2);c("cg-shelf",O1);var h7=[0,6,12,18,24],b1=class extends h{constructor(){super(...arguments);this.day=null;this.from=0;this.to=0;this.cameras=[];this.marked=null;this.told=""}static{this.styles=[u,v`
      :host {
        display: block;
      }
      .track {
        display: grid;
        grid-template-columns: minmax(72px, 140px) 1fr;
        gap: 8px;
        align-items: center;
      }
      .name {
        font-size: 12px;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .bar {
        position: relative;
        height: 36px;
        margin: 2px 0;
        border-radius: 6px;
        background: var(--secondary-background-color);
        overflow: hidden;
      }
      .bar button {
        position: absolute;
        top: 0;
        bottom: 0;
        min-height: 0;
        min-width: 4px;
        padding: 0;
        border-radius: 2px;
      }
      .clip {
        background: var(--primary-color);
      }
      .clip.held {
        background: var(--warning-color, #ffa600);
      }
      .gap {
        background: repeating-linear-gradient(
          45deg,
          var(--error-color, #db4437) 0 3px,
          transparent 3px 7px
        );
      }
      .mark {
        position: absolute;
        top: 0;
        bottom: 0;
        background: color-mix(in srgb, var(--primary-text-color) 18%, transparent);
        border-inline: 2px solid var(--primary-text-color);
        pointer-events: none;
      }
      .hours {
        position: relative;
        height: 18px;
        font-size: 11px;
        color: var(--secondary-text-color);
      }
      .hours span {
        position: absolute;
        transform: translateX(-50%);
      }
      .hours span:first-child {
        transform: none;
      }
      .hours span:last-child {
        transform: translateX(-100%);
      }
      .legend {
        display: flex;
        gap: 16px;
        flex-wrap: wrap;
        font-size: 12px;
        color: var(--secondary-text-color);
        min-height: 20px;
      }
      .legend i {
        display: inline-block;
        width: 12px;
        height: 12px;
        border-radius: 2px;
        margin-inline-end: 4px;
        vertical-align: -1px;
      }
    `]}render(){let C=this.day;return M`<div aria-busy=${C?"false":"true"}>
      ${this.cameras.map(H=>M`<div class="track">
          <span class="name" title=${H.name}>${H.name}</span>
          <div class="bar" role="group" aria-label=${H.name}>
            ${C?.gaps.filter(V=>V.camera_id===H.id).map(V=>this.gap(V))}
            ${C?.clips.filter(V=>V.camera_id===H.id).map(V=>this.clip(V))}
            ${this.mark()}
          </div>
        </div>`)}
      <div class="track">
        <span></span>
        <div class="hours" aria-hidden="true">
          ${h7.map(H=>M`<span style="left:${H/24*100}%">${H}</span>`)}
        </div>
      </div>
      <div class="legend" role="status">
        ${this.told?M`<span>${this.told}</span>`:M`<span><i class="clip"></i>${this.t("timeline.recorded")}</span>
                <span><i class="clip held"></i>${this.t("timeline.held")}</span>
                <span><i class="gap"></i>${this.t("timeline.gap")}</span>
                ${C&&C.shown<C.total?M`<span>${this.t("timeline.more",{count:C.total-C.shown})}</span>`:""}`}
      </div>
    </div>`}placed(C,H){let V=s0(C,H,this.from,this.to);return V&&`left:${(V.left*100).toFixed(3)}%;width:${(V.width*100).toFixed(3)}%`}clip(C){let H=this.placed(C.start,C.end);if(!H)return"";let{format:V}=this.app,e=this.t(C.held?"timeline.held_clip":"timeline.clip",{start:V.time(C.start,!0),end:V.time(C.end,!0),expires:C.expires===null?"":V.shortDay(C.expires)});return M`<button
      class="clip ${C.held?"held":""}"
      style=${H}
      aria-label=${e}
      @focus=${()=>this.told=e}
      @blur=${()=>this.told=""}
      @pointerenter=${()=>this.told=e}
      @pointerleave=${()=>this.told=""}
      @click=${()=>this.emit("clip",C)}
    ></button>`}gap(C){let H=this.placed(C.start,C.end??Math.min(Date.now()/1e3,this.to));if(!H)return"";let{format:V,texts:e}=this.app,t=this.t("timeline.gap_told",{start:V.time(C.start,!0),end:C.end===null?"…":V.time(C.end,!0),cause:e.fault(C.cause,{camera:this.app.cameraName(C.camera_id)})??this.causeOf(C.cause)});return M`<button
      class="gap"
      style=${H}
      aria-label=${t}
      @focus=${()=>this.told=t}
      @click=${()=>this.told=t}
      @pointerenter=${()=>this.told=t}
    ></button>`}causeOf(C){return this.app.texts.has(`timeline.cause_${C}`)?this.t(`timeline.cause_${C}`):C}mark(){if(!this.marked)return"";let C=this.placed(...this.marked);return C?M`<div class="mark" style=${C}></div>`:""}};i([p({attribute:!1})],b1.prototype,"day",2),i([p({type:Number})],b1.prototype,"from",2),i([p({type:Number})],b1.prototype,"to",2),i([p({attribute:!1})],b1.prototype,"cameras",2),i([p({attribute:!1})],b1.prototype,"marked",2),i([A()],b1.prototype,"told",2);c("cg-timeline",b1);var S7=["entity","action","continuous"],e1=class extends h{constructor(){super(...arguments);this.days=null;this.trouble=null;this.cameras=[];this.kind="";this.held=!1;this.date="";this.day=null;this.choosing=!1;this.chosen=new Map;this.loadId=0;this.clipsSeen=-1;this.asked={}}static{this.styles=[u,v`
      .filters {
        display: flex;
        gap: 8px;
        flex-wrap: wrap;
        margin-bottom: 12px;
        align-items: center;
      }
      .filters select {
        width: auto;
        max-width: 220px;
      }
      .bar {
        position: sticky;
        bottom: 0;
        z-index: 2;
        background: var(--card-background-color);
        border-top: 1px solid var(--divider-color);
        padding: 8px 16px;
        display: flex;
        gap: 8px;
        align-items: center;
        flex-wrap: wrap;
      }
      .timeline {
        padding: 12px 16px;
      }
      .dayline {
        display: flex;
        align-items: center;
        gap: 4px;
        flex-wrap: wrap;
        margin-bottom: 8px;
      }
      .dayline input {
        width: auto;
      }
      @media (max-width: 600px) {
        .dayline h3 {
          flex-basis: 100%;
        }
      }
    `]}willUpdate(C){if(C.has("route")&&!C.get("route")){this.held=this.route.query.get("held")==="1";let H=this.route.query.get("camera");H&&(this.cameras=[H]),this.date=this.route.query.get("day")??""}this.app.news.clips!==this.clipsSeen&&(this.clipsSeen=this.app.news.clips,this.load())}get filter(){let C=this.app.zone;return{...this.cameras.length?{camera_ids:this.cameras}:{},...this.kind?{kinds:[this.kind]}:{},...this.held?{held:!0}:{},...this.date?{start:I(this.date,C),end:I(s1(this.date,1),C)}:{}}}async load(){let C=++this.loadId;try{let H=this.filter,{days:V}=await this.app.client.call("clips/days",H,R3);if(C!==this.loadId)return;this.asked=H,this.days=V,this.trouble=null,await this.loadTimeline(C)}catch(H){C===this.loadId&&(this.trouble=H)}}async loadTimeline(C=this.loadId){let H=await this.app.client.call("timeline",{start:this.dayStart,end:this.dayEnd},I2);C===this.loadId&&(this.day=H)}get shownDate(){let C=this.days?.[0]?.start;return this.date||f1(C??Date.now()/1e3,this.app.zone)}get dayStart(){return I(this.shownDate,this.app.zone)}get dayEnd(){return I(s1(this.shownDate,1),this.app.zone)}render(){return M`<div class="page">
        ${this.filters()}
        ${this.trouble?y(this.app,this.trouble,()=>{this.load()}):""}
        ${this.days?this.content(this.days):this.trouble?"":B(this.app)}
      </div>
      ${this.choosing?this.selectionBar():""}`}get allCameras(){let C=this.app.news.cameras.map(e=>({id:e.camera_id,name:e.name})),H=new Set(C.map(e=>e.id)),V=new Set((this.day?.clips??[]).map(e=>e.camera_id).filter(e=>!H.has(e)));return[...C,...[...V].map(e=>({id:e,name:this.app.cameraName(e)}))]}filters(){let C=this.app.news.cameras,H=()=>{this.load()};return M`<div class="filters" role="group" aria-label=${this.t("clips.filters")}>
      ${C.length>1?C.map(V=>{let e=this.cameras.includes(V.camera_id);return M`<button
                class="chip"
                aria-pressed=${e?"true":"false"}
                @click=${()=>{this.cameras=e?this.cameras.filter(t=>t!==V.camera_id):[...this.cameras,V.camera_id],H()}}
              >
                ${V.name}
              </button>`}):""}
      <select
        aria-label=${this.t("clips.trigger")}
        @change=${V=>{this.kind=V.target.value,H()}}
      >
        <option value="">${this.t("clips.any_trigger")}</option>
        ${S7.map(V=>M`<option value=${V} ?selected=${V===this.kind}>${this.t(`clips.kind_${V}`)}</option>`)}
      </select>
      <button
        class="chip"
        aria-pressed=${this.held?"true":"false"}
        @click=${()=>{this.held=!this.held,H()}}
      >
        ${this.t("clips.held_only")}
      </button>
      <span class="grow"></span>
      ${S1(this.app)?M`<button
              class="tonal"
              aria-pressed=${this.choosing?"true":"false"}
              @click=${()=>{this.choosing=!this.choosing,this.chosen=new Map}}
            >
              ${this.t("clips.select")}
            </button>`:""}
    </div>`}content(C){let H=C.reduce((t,o)=>t+o.clips,0),e=this.cameras.length>0||this.kind!==""||this.held||this.date!==""?K(w1,this.t("clips.none_found"),M`<button class="tonal" @click=${()=>this.clear()}>${this.t("clips.clear")}</button>`):K(w1,this.t("clips.none"),this.t("clips.none_hint"));return M`<section class="card timeline" aria-label=${this.t("timeline.title")}>
        <div class="dayline">
          <h3 class="grow">${this.app.format.day(this.dayStart+43200)}</h3>
          <button class="icon" aria-label=${this.t("timeline.earlier")} @click=${()=>this.goDay(-1)}>
            <cg-icon .path=${P5}></cg-icon>
          </button>
          <input
            type="date"
            aria-label=${this.t("timeline.day")}
            .value=${this.shownDate}
            @change=${t=>this.setDate(t.target.value)}
          />
          <button class="icon" aria-label=${this.t("timeline.later")} @click=${()=>this.goDay(1)}>
            <cg-icon .path=${c2}></cg-icon>
          </button>
          ${this.date?M`<button @click=${()=>this.setDate("")}>${this.t("clips.all_days")}</button>`:""}
        </div>
        <cg-timeline
          .app=${this.app}
          .day=${this.day}
          .from=${this.dayStart}
          .to=${this.dayEnd}
          .cameras=${this.allCameras}
          @clip=${t=>g(m("clips",t.detail.clip_id))}
        ></cg-timeline>
      </section>
      <p class="secondary" role="status" style="margin:12px 0 0">${this.t("clips.count",{count:H})}</p>
      ${H===0?e:""}
      <cg-shelf
        style="margin-top:16px"
        .app=${this.app}
        .days=${C}
        .filter=${this.asked}
        .choosing=${this.choosing}
        .chosen=${this.chosen}
        @choose=${t=>this.choose(t.detail.clip,t.detail.on)}
      ></cg-shelf>`}selectionBar(){return M`<div class="bar" role="region" aria-label=${this.t("clips.selected",{count:this.chosen.size})}>
      <strong>${this.t("clips.selected",{count:this.chosen.size})}</strong>
      <span class="grow"></span>
      <cg-clip-actions
        .app=${this.app}
        .clips=${[...this.chosen.values()]}
        @done=${()=>{this.chosen=new Map,this.choosing=!1}}
      ></cg-clip-actions>
    </div>`}choose(C,H){let V=new Map(this.chosen);H?V.set(C.clip_id,C):V.delete(C.clip_id),this.chosen=V}clear(){this.cameras=[],this.kind="",this.held=!1,this.setDate("")}goDay(C){this.setDate(s1(this.shownDate,C))}setDate(C){this.date=C,this.day=null,this.load()}};i([p({attribute:!1})],e1.prototype,"route",2),i([A()],e1.prototype,"days",2),i([A()],e1.prototype,"trouble",2),i([A()],e1.prototype,"cameras",2),i([A()],e1.prototype,"kind",2),i([A()],e1.prototype,"held",2),i([A()],e1.prototype,"date",2),i([A()],e1.prototype,"day",2),i([A()],e1.prototype,"choosing",2),i([A()],e1.prototype,"chosen",2);c("cg-clips",e1);var g7=[.25,.5,1,2,4,8],a1=class extends h{constructor(){super(...arguments);this.clipId="";this.clip=null;this.trouble=null;this.views=null;this.speed=1;this.broken="";this.clipsSeen=-1;this.resumeAt=0;this.renewed=!1;this.onReady=()=>{let C=this.video;C&&this.resumeAt&&(C.currentTime=Math.min(this.resumeAt,C.duration||this.resumeAt)),this.resumeAt=0,S1(this.app)&&this.loadViews()};this.onError=()=>{if(!(!this.clip||!this.video?.getAttribute("src"))){if(this.renewed){this.broken=this.t("player.broken");return}this.renewed=!0,this.resumeAt=this.video.currentTime,this.load()}}}static{this.styles=[u,v`
      video {
        width: 100%;
        max-height: 72vh;
        background: #000;
        display: block;
        border-radius: 12px 12px 0 0;
      }
      .layout {
        display: grid;
        grid-template-columns: minmax(0, 2fr) minmax(280px, 1fr);
        gap: 16px;
        align-items: start;
      }
      @media (max-width: 870px) {
        .layout {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      .controls {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px;
        padding: 8px;
      }
      .controls select {
        width: auto;
        min-height: 40px;
        padding: 4px 8px;
      }
      .top {
        display: flex;
        gap: 8px;
        align-items: center;
        margin-bottom: 12px;
      }
      li {
        padding: 4px 0;
      }
      ul {
        margin: 0;
        padding-inline-start: 20px;
      }
    `]}willUpdate(C){C.has("clipId")?(this.clip=null,this.views=null,this.resumeAt=r0(this.route.query),this.clipsSeen=this.app.news.clips,this.load()):this.app.news.clips!==this.clipsSeen&&(this.clipsSeen=this.app.news.clips,this.look())}async load(){this.trouble=null,this.broken="";try{this.clip=(await this.app.client.call("clips/get",{clip_id:this.clipId},S5)).clip}catch(C){this.clip=null,this.trouble=C}}async look(){if(this.clip)try{let{clip:C}=await this.app.client.call("clips/get",{clip_id:this.clipId},S5);this.clip={...C,link:this.clip.link}}catch(C){if(!["clip_erased","clip_not_found"].includes(D(C).key))return;this.video?.pause(),this.video?.removeAttribute("src"),this.video?.load(),this.clip=null,this.trouble=C}}async loadViews(){let C=["viewed","held","released","disclosing"];try{let H=await this.app.client.call("ledger/list",{clip_id:this.clipId,events:C,limit:50},C2);this.views=H.entries}catch(H){this.app.toast(H)}}render(){if(this.trouble){let V=D(this.trouble).key;return M`<div class="page narrow-page">
        ${V==="clip_erased"||V==="clip_not_found"?K(Y,this.app.texts.refusal(D(this.trouble)),M`<button class="tonal" @click=${()=>g(m("clips"))}>${this.t("clips.to_all")}</button>`):y(this.app,this.trouble,()=>{this.load()})}
      </div>`}let C=this.clip;if(!C)return B(this.app);let{format:H}=this.app;return M`<div class="page">
      <div class="top">
        <button class="icon" aria-label=${this.t("common.back")} @click=${()=>g(m("clips"))}>
          <cg-icon .path=${Q}></cg-icon>
        </button>
        <h2 class="grow">${C.camera_name} · ${H.moment(C.start)}</h2>
      </div>
      <div class="layout">
        <div class="card">
          <video
            controls
            playsinline
            preload="metadata"
            poster=${C.thumbnail}
            .src=${C.link}
            aria-label=${`${C.camera_name}, ${H.moment(C.start)}`}
            @loadedmetadata=${this.onReady}
            @playing=${()=>{this.broken="",this.renewed=!1}}
            @error=${this.onError}
            @ratechange=${V=>this.speed=V.target.playbackRate}
          ></video>
          ${this.broken?b(T,this.broken,"error"):""}
          ${this.controls(C)}
          ${S1(this.app)?M`<div class="card-actions"><cg-clip-actions .app=${this.app} .clips=${[C]} @done=${()=>{this.look()}}></cg-clip-actions></div>`:""}
        </div>
        <div class="stack">${this.facts(C)}${this.viewers()}</div>
      </div>
    </div>`}controls(C){let H=(V,e,t,o=!1)=>M`<button class="icon" title=${this.t(e)} aria-label=${this.t(e)} ?disabled=${o} @click=${t}>
        <cg-icon .path=${V}></cg-icon>
      </button>`;return M`<div class="controls" role="toolbar" aria-label=${this.t("player.controls")}>
      ${H(G5,"player.older",()=>this.goTo(C.older),!C.older)}
      ${H(Q5,"player.frame_back",()=>this.step(-1))}
      ${H(K5,"player.frame",()=>this.step(1))}
      ${H(U5,"player.newer",()=>this.goTo(C.newer),!C.newer)}
      <span class="grow"></span>
      <select
        aria-label=${this.t("player.speed")}
        @change=${V=>{this.video&&(this.video.playbackRate=Number(V.target.value))}}
      >
        ${g7.map(V=>M`<option value=${V} ?selected=${V===this.speed}>×${V}</option>`)}
      </select>
      ${H(k5,"player.full",()=>this.full())}
    </div>`}facts(C){let{format:H}=this.app,V=C.trigger.entity_id,e=V?this.app.hass().states[V]?.attributes.friendly_name:null,t=[this.t(`clips.kind_${C.trigger.kind}`),typeof e=="string"?e:V,C.trigger.reason];return M`<div class="card"><div class="card-content">
        ${C.hold?b(J,this.t("clips.held_until",{until:H.shortDay(C.hold.until),reason:C.hold.reason??""})):""}
        ${C.clock_error?b(Z2,this.t("clips.clock_error",{seconds:H.number(C.clock_error)}),"warning"):""}
        ${C.adaptive?b(Z1,this.t("clips.adaptive")):""}
        ${C.frame_rate_lowered?b(Z1,this.t("clips.frame_rate_lowered")):""}
        ${C.recovered?b(Z1,this.t("clips.recovered")):""}
        <dl style="margin-top:8px">
          <dt>${this.t("clips.place")}</dt>
          <dd>${C.place}</dd>
          <dt>${this.t("clips.why")}</dt>
          <dd>${t.filter(Boolean).join(" · ")}</dd>
          <dt>${this.t("clips.length")}</dt>
          <dd>${H.length(C.end-C.start)} · ${H.size(C.size)} · ${C.width}×${C.height}</dd>
          <dt>${this.t("clips.expires")}</dt>
          <dd>${C.expires===null?this.t("clips.expires_never"):`${H.moment(C.expires)} (${H.relative(C.expires,Date.now()/1e3)})`}</dd>
          <dt>${this.t("clips.zones")}</dt>
          <dd>${C.zones.map(o=>o.name).join(", ")||this.t("clips.zones_none")}</dd>
          <dt>${this.t("clips.purpose")}</dt>
          <dd>${C.purpose}</dd>
          <dt>SHA-256</dt>
          <dd class="mono">${C.sha256}</dd>
        </dl>
      </div></div>`}viewers(){if(!this.views)return"";let{format:C}=this.app;return M`<div class="card"><div class="card-content">
        <h3>${this.t("clips.history")}</h3>
        ${this.views.length===0?M`<p class="secondary">${this.t("clips.history_none")}</p>`:M`<ul>
                ${this.views.map(H=>{let V=H.body?.user_name;return M`<li>
                    ${C.moment(H.time)} · ${typeof V=="string"&&V?V:this.t("ledger.nobody")} ·
                    ${this.t(`clips.did_${H.event}`)}
                  </li>`})}
              </ul>`}
      </div></div>`}step(C){let H=this.video;if(!H||!this.clip)return;H.pause();let V=(this.clip.end-this.clip.start)/Math.max(this.clip.frames,1),e=Math.floor(H.currentTime/V+1e-6);H.currentTime=Math.min(Math.max((e+C+.5)*V,0),H.duration)}full(){let C=this.video;if(!C)return;let H=C.webkitEnterFullscreen;document.fullscreenEnabled?C.requestFullscreen():H?.call(C)}goTo(C){C&&g(m("clips",C),!0)}};i([p()],a1.prototype,"clipId",2),i([p({attribute:!1})],a1.prototype,"route",2),i([A()],a1.prototype,"clip",2),i([A()],a1.prototype,"trouble",2),i([A()],a1.prototype,"views",2),i([A()],a1.prototype,"speed",2),i([A()],a1.prototype,"broken",2),i([U("video")],a1.prototype,"video",2);c("cg-clip",a1);var t5=["ground","recipient","content","check","hand_over"],f7=["law","investigation","emergency"],O7=["sealed_zip","hand_over"],o3=()=>({ground:"",organization:"",name:"",reference:"",purpose:"",form:"sealed_zip",clips:[],camera:"",start:"",end:""}),Z=o3(),a2="ground",K1=null,m1=class extends h{constructor(){super(...arguments);this.parts=null;this.day=null;this.busy=!1;this.trouble=null;this.begun=!1;this.copied=!1;this.timer=0}static{this.styles=[u,v`
      .steps {
        display: flex;
        gap: 4px;
        list-style: none;
        padding: 0;
        margin: 8px 0 16px;
      }
      .steps li {
        flex: 1;
        min-width: 0;
        border-top: 3px solid var(--divider-color);
        padding-top: 6px;
        font-size: 12px;
        color: var(--secondary-text-color);
        overflow-wrap: anywhere;
      }
      .steps li[data-done] {
        border-color: var(--primary-color);
      }
      .steps li[aria-current="step"] {
        border-color: var(--primary-color);
        color: var(--primary-text-color);
        font-weight: 500;
      }
      .part {
        padding: 8px 0;
        border-bottom: 1px solid var(--divider-color);
      }
      .password {
        font-size: 24px;
        letter-spacing: 1px;
        padding: 12px;
        border: 2px dashed var(--primary-color);
        border-radius: 8px;
        text-align: center;
        user-select: all;
        overflow-wrap: anywhere;
        font-family: var(--ha-font-family-code, monospace);
      }
      .two {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 220px), 1fr));
        gap: 12px;
      }
    `]}willUpdate(C){if(C.has("route")){let H=this.route.query.get("clips");H&&H!==Z.clips.join(",")&&(Z={...o3(),clips:H.split(",")},a2="ground",K1=null)}}disconnectedCallback(){super.disconnectedCallback(),K1&&(K1={...K1,password:null})}set(C,H){Z={...Z,[C]:H},this.requestUpdate()}go(C){a2=C,this.trouble=null,(C==="content"||C==="check")&&this.plan(0),this.requestUpdate()}render(){let C=t5.indexOf(a2),H={ground:()=>this.groundStep(),recipient:()=>this.recipientStep(),content:()=>this.contentStep(),check:()=>this.checkStep(),hand_over:()=>this.handOverStep()};return M`<div class="page narrow-page">
      <h2>${this.t("disclose.title")}</h2>
      <ol class="steps">
        ${t5.map((V,e)=>M`<li aria-current=${e===C?"step":"false"} ?data-done=${e<C}>${this.t(`disclose.step_${V}`)}</li>`)}
      </ol>
      ${H[a2]()}
    </div>`}frame(C,H,V,e="common.next"){let t=t5.indexOf(a2);return M`<div class="card">
      <div class="card-content stack">${C} ${this.trouble?y(this.app,this.trouble):""}</div>
      <div class="card-actions">
        ${t>0?M`<button ?disabled=${this.busy} @click=${()=>this.go(t5[t-1]??"ground")}>
                ${this.t("common.back")}
              </button>`:""}
        <span class="grow"></span>
        <button class="filled" ?disabled=${!H||this.busy} @click=${V}>${this.t(e)}</button>
      </div>
    </div>`}groundStep(){return this.frame(M`<p>${this.t("disclose.ground_hint")}</p>
        <p class="secondary">${this.t("common.purpose",{purpose:this.app.news.site?.purpose??""})}</p>
        <div role="radiogroup" aria-label=${this.t("disclose.step_ground")}>
          ${f7.map(C=>M`<label class="check option">
                <input
                  type="radio"
                  name="ground"
                  .checked=${Z.ground===C}
                  @change=${()=>this.set("ground",C)}
                />
                <span
                  ><strong>${this.t(`disclose.ground_${C}`)}</strong><br /><span class="secondary"
                    >${this.t(`disclose.ground_${C}_hint`)}</span
                  ></span
                >
              </label>`)}
        </div>`,Z.ground!=="",()=>this.go("recipient"))}field(C){return M`<label class="field"
      >${this.t(`disclose.${C}`)}
      <input
        maxlength="200"
        autocomplete="off"
        .value=${Z[C]}
        @input=${H=>this.set(C,H.target.value)}
      />
    </label>`}recipientStep(){return this.frame(M`<p>${this.t("disclose.recipient_hint")}</p>
        ${this.field("organization")}${this.field("name")}${this.field("reference")}${this.field("purpose")}`,[Z.name,Z.organization,Z.purpose].every(C=>C.trim()!==""),()=>this.go("content"))}get byTime(){return Z.clips.length===0}get span(){if(!Z.start||!Z.end)return null;let[C,H]=[e3(Z.start,this.app.zone),e3(Z.end,this.app.zone)];return H>C?[C,H]:null}get content(){if(!this.byTime)return{clip_ids:Z.clips};let C=this.span;return Z.camera&&C?{camera_id:Z.camera,start:C[0],end:C[1]}:null}plan(C=400){window.clearTimeout(this.timer),this.timer=window.setTimeout(()=>{this.look()},C)}async look(){let[C]=(Z.start||Q1(Date.now()/1e3,this.app.zone)).split("T"),H=this.content;this.parts=null,this.trouble=null;try{let V=I(C??"",this.app.zone),e=I(s1(C??"",1),this.app.zone);this.byTime&&(this.day=await this.app.client.call("timeline",{start:V,end:e},I2)),H&&(this.parts=(await this.app.client.call("disclosures/preview",H,W3)).parts)}catch(V){this.trouble=V}}contentStep(){return this.frame(this.byTime?this.timeFields():M`${this.t("disclose.chosen_clips",{count:Z.clips.length})}
            <button
              @click=${()=>{this.set("clips",[]),this.plan(0)}}
            >
              ${this.t("disclose.by_time")}
            </button>
            ${this.partList()}`,(this.parts?.length??0)>0,()=>this.go("check"))}timeFields(){let C=this.app.news.cameras,H=C.find(o=>o.last_clip)??C[0];if(!Z.camera&&H&&(Z={...Z,camera:H.camera_id}),!Z.start){let o=C.find(a=>a.camera_id===Z.camera)?.last_clip;o&&(Z={...Z,start:Q1(o.start,this.app.zone),end:Q1(o.end+1,this.app.zone)})}let V=o=>a=>{this.set(o,a.target.value),this.plan()},e=(Z.start||Q1(Date.now()/1e3,this.app.zone)).slice(0,10),t=I(e,this.app.zone);return M`<p>${this.t("disclose.content_hint")}</p>
      <label class="field"
        >${this.t("disclose.camera")}
        <select @change=${V("camera")}>
          ${C.map(o=>M`<option value=${o.camera_id} ?selected=${o.camera_id===Z.camera}>${o.name}</option>`)}
        </select>
      </label>
      <div class="two">
        ${["start","end"].map(o=>M`<label class="field"
              >${this.t(`disclose.${o}`)}
              <input type="datetime-local" step="1" .value=${Z[o]} @change=${V(o)} />
            </label>`)}
      </div>
      <cg-timeline
        .app=${this.app}
        .day=${this.day}
        .from=${t}
        .to=${I(s1(f1(t+43200,this.app.zone),1),this.app.zone)}
        .cameras=${C.filter(o=>o.camera_id===Z.camera).map(o=>({id:o.camera_id,name:o.name}))}
        .marked=${this.span}
        @clip=${o=>{Z={...Z,start:Q1(o.detail.start,this.app.zone),end:Q1(o.detail.end+1,this.app.zone)},this.plan(0),this.requestUpdate()}}
      ></cg-timeline>
      ${this.span?"":b(Z1,this.t("disclose.time_wrong"),"warning")}
      ${this.partList()}`}partList(){if(!this.parts)return this.trouble?"":M`<progress aria-label=${this.t("common.loading")}></progress>`;if(this.parts.length===0)return K(w1,this.t("disclose.nothing"));let{format:C}=this.app;return M`<div>
      ${this.parts.map(H=>M`<div class="part">
            <strong>${this.app.cameraName(H.camera_id)}</strong> · ${C.moment(H.start)} – ${C.time(H.end,!0)}
            <div class="secondary">
              ${H.whole?this.t("disclose.whole",{size:C.size(H.size)}):this.t("disclose.cut",{from:C.time(H.clip_start,!0),to:C.time(H.clip_end,!0)})}
            </div>
          </div>`)}
    </div>`}checkStep(){let C=[["step_ground",this.t(`disclose.ground_${Z.ground}`)],["organization",Z.organization],["name",Z.name],["reference",Z.reference||"–"],["purpose",Z.purpose]];return this.frame(M`<dl>
          ${C.map(([H,V])=>M`<dt>${this.t(`disclose.${H}`)}</dt><dd>${V}</dd>`)}
        </dl>
        ${this.partList()}
        <div role="radiogroup" aria-label=${this.t("disclose.form")}>
          ${O7.map(H=>M`<label class="check option">
                <input type="radio" name="form" .checked=${Z.form===H} @change=${()=>this.set("form",H)} />
                <span
                  ><strong>${this.t(`disclose.form_${H}`)}</strong><br /><span class="secondary"
                    >${this.t(`disclose.form_${H}_hint`)}</span
                  ></span
                >
              </label>`)}
        </div>
        ${b(W1,this.t("disclose.noted"))}
        ${this.busy?M`<p role="status">${this.t("disclose.making")}</p>
                <progress aria-label=${this.t("disclose.making")}></progress>`:""}`,(this.parts?.length??0)>0,()=>{this.export()},"disclose.make")}async export(){if(!this.content)return;this.busy=!0,this.trouble=null;let H=this.span,V=this.app.news.cameras.find(t=>t.camera_id===Z.camera)?.entity_id,e=this.byTime&&H?{entity_id:V,start:new Date(H[0]*1e3).toISOString(),end:new Date(H[1]*1e3).toISOString()}:{clip_ids:Z.clips};try{let{disclosure_id:t}=await this.app.client.act("export_disclosure",{legal_basis:Z.ground,recipient_name:Z.name,recipient_organization:Z.organization,request_reference:Z.reference,purpose:Z.purpose,form:Z.form,...e},C0);K1=await this.app.client.call("disclosures/fetch",{disclosure_id:t},U3),this.begun=!1,a2="hand_over"}catch(t){this.trouble=t}this.busy=!1}handOverStep(){let C=K1;if(!C)return this.frame(this.t("disclose.none_open"),!0,()=>this.again(),"disclose.another");let H=this.app.news.downloads.find(o=>o.disclosure_id===C.disclosure_id),{format:V}=this.app,e=H?.sent==null?null:H.sent/Math.max(C.size,1),t=H!==void 0&&H.fetched&&H.sent===null;return M`<div class="card">
      <div class="card-content stack">
        <p><strong>${C.disclosure_id}</strong> · ${V.size(C.size)}</p>
        ${C.password?M`<div>
                <p>${this.t("disclose.password_hint")}</p>
                <div class="password" data-password>${C.password}</div>
                <button @click=${()=>{this.copy(C.password??"")}}>
                  ${this.t(this.copied?"disclose.copied":"disclose.copy")}
                </button>
              </div>`:b(V2,this.t(C.form==="sealed_zip"?"disclose.password_gone":"disclose.no_password"))}
        <div>
          <a
            class="button filled"
            style="background:color-mix(in srgb, var(--primary-color) 80%, #000)"
            href=${C.bundle}
            download
            target="_blank"
            @click=${()=>this.begun=!0}
          >
            <cg-icon .path=${p1}></cg-icon>${this.t("disclose.download")}
          </a>
          <a class="button tonal" href=${C.receipt} target="_blank" rel="noopener">
            <cg-icon .path=${C1}></cg-icon>${this.t("disclose.receipt")}
          </a>
        </div>
        <div role="status">
          ${e!==null?M`<progress .value=${e} max="1" aria-label=${this.t("disclose.downloading")}></progress>
                  ${this.t("disclose.sent",{percent:V.percent(e)})}`:t?b(t1,this.t("disclose.sent_all")):this.begun?M`<progress aria-label=${this.t("disclose.downloading")}></progress>`:""}
        </div>
        <p class="secondary">${this.t("disclose.until",{minutes:Math.round(C.seconds_left/60)})}</p>
      </div>
      <div class="card-actions">
        <span class="grow"></span>
        <button @click=${()=>this.again()}>${this.t("disclose.another")}</button>
      </div>
    </div>`}again(){Z=o3(),K1=null,this.parts=null,this.copied=!1,this.go("ground")}async copy(C){try{await navigator.clipboard.writeText(C),this.copied=!0}catch{this.app.toast(this.t("disclose.copy_by_hand"))}}};i([p({attribute:!1})],m1.prototype,"route",2),i([A()],m1.prototype,"parts",2),i([A()],m1.prototype,"day",2),i([A()],m1.prototype,"busy",2),i([A()],m1.prototype,"trouble",2),i([A()],m1.prototype,"begun",2),i([A()],m1.prototype,"copied",2);c("cg-disclose",m1);var b7={renew_sign:"sign",look_at_sign:"sign",put_up_sign:"sign",name_responsible:"person",enter_viewer:"person",pledge:"person",review:"review",destroy_medium:"medium",answer:"complaint",agree:"contractor",end_agreement:"contractor",check_identity:"access",answer_request:"access"};function y7(r){let L=b7[r.what]??"incident";if(r.record_id)return m("registers",L,r.record_id);if(r.what==="make_report")return m("registers");let C={};return r.what==="put_up_sign"&&(C.camera=r.subject),r.what==="enter_viewer"&&(C.user=r.subject),r.what==="name_responsible"&&(C.role="responsible"),m("registers",L,"new",C)}var q1=(r,L)=>r.format.shortDay(I(L,r.zone));function q(r,L,C=""){return M`<a
    class=${C}
    href=${r}
    @click=${H=>{H.ctrlKey||H.metaKey||H.shiftKey||(H.preventDefault(),g(r))}}
    >${L}</a
  >`}function i5(r,L,C=new Map){let H=L.number||C.get(L.subject)||(L.what==="put_up_sign"?r.cameraName(L.subject):""),V=L.due?r.texts.t(L.late?"registers.overdue_since":"registers.due",{day:q1(r,L.due)}):"";return q(y7(L),M`<cg-icon class=${L.late&&L.due?"bad":"warn"} .path=${L.late&&L.due?T:Z2}></cg-icon>
      <span class="grow">${r.texts.t(`duties.${L.what}`)}${H?M` <span class="secondary">${H}</span>`:""}</span>
      <span class=${L.late&&L.due?"bad":"secondary"}>${V}</span>`,"duty-line")}var w7=["everything","camera","before"],r1=class extends h{constructor(){super(...arguments);this.scope="";this.camera="";this.until="";this.includeHeld=!1;this.reason="";this.typed="";this.found=null;this.trouble=null;this.busy=!1;this.done=null;this.asked=0}static{this.styles=[u,v`
      .numbers {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 12px;
      }
      .numbers div {
        border-radius: 12px;
        padding: 12px;
        background: var(--secondary-background-color);
      }
      .numbers strong {
        font-size: 24px;
        font-weight: 400;
        display: block;
      }
    `]}connectedCallback(){super.connectedCallback(),this.updateComplete.then(()=>{this.until||=f1(Date.now()/1e3,this.app.zone),this.camera||=this.app.news.cameras[0]?.camera_id??""})}get order(){return{scope:this.scope,include_held:this.includeHeld,...this.scope==="camera"?{camera_id:this.camera}:{},...this.scope==="before"?{before:I(this.until,this.app.zone)}:{}}}async look(){let C=++this.asked;this.found=null,this.trouble=null;try{let H=await this.app.client.call("wipe/preview",this.order,G3);C===this.asked&&(this.found=H)}catch(H){C===this.asked&&(this.trouble=H)}}render(){return M`<div class="page narrow-page">
      <h2>${this.t("wipe.title")}</h2>
      <p class="secondary">${this.t("wipe.hint")}</p>
      ${this.done?this.result(this.done):this.form()}
    </div>`}form(){let C=this.t("wipe.word"),H=this.found!==null&&this.found.clips>0&&this.reason.trim()!==""&&this.typed.trim()===C,V=this.app.news.site?.wiping??null;return M`<div class="card">
      <div class="card-content stack">
        <div role="radiogroup" aria-label=${this.t("wipe.scope")}>
          <h3>${this.t("wipe.scope")}</h3>
          ${w7.map(e=>M`<label class="check option">
                <input
                  type="radio"
                  name="scope"
                  .checked=${e===this.scope}
                  ?disabled=${this.busy}
                  @change=${()=>{this.scope=e,this.look()}}
                />
                <span>${this.t(`wipe.scope_${e}`)}</span>
              </label>`)}
        </div>
        ${this.scope==="camera"?M`<label class="field"
                >${this.t("disclose.camera")}
                <select
                  @change=${e=>{this.camera=e.target.value,this.look()}}
                >
                  ${this.app.news.cameras.map(e=>M`<option value=${e.camera_id} ?selected=${e.camera_id===this.camera}>${e.name}</option>`)}
                </select>
              </label>`:""}
        ${this.scope==="before"?M`<label class="field"
                >${this.t("wipe.before")}
                <input
                  type="date"
                  .value=${this.until}
                  @change=${e=>{this.until=e.target.value||this.until,this.look()}}
                />
              </label>`:""}
        ${this.scope?this.what():""}
        ${this.trouble?y(this.app,this.trouble):""}
        ${this.found&&this.found.clips>0?M`<label class="field"
                  >${this.t("clips.reason")}
                  <input
                    maxlength="500"
                    .value=${this.reason}
                    ?disabled=${this.busy}
                    @input=${e=>this.reason=e.target.value}
                  />
                </label>
                <label class="field"
                  >${this.t("wipe.type",{word:C})}
                  <input
                    autocomplete="off"
                    autocapitalize="none"
                    .value=${this.typed}
                    ?disabled=${this.busy}
                    @input=${e=>this.typed=e.target.value}
                  />
                </label>
                <p class="secondary">${this.t("wipe.noted")}</p>`:""}
        ${this.busy||V!==null?M`<div role="status">
                <progress .value=${V??0} max="1" aria-label=${this.t("wipe.going")}></progress>
                ${this.t("wipe.going")} ${this.app.format.percent(V??0)}
              </div>`:""}
      </div>
      <div class="card-actions">
        <span class="grow"></span>
        <button class="danger" ?disabled=${!H||this.busy} @click=${()=>{this.wipe()}}>${this.t("wipe.go")}</button>
      </div>
    </div>`}what(){let C=this.found,{format:H}=this.app;return C?M`<div class="numbers" role="status">
        <div><strong>${H.number(C.clips)}</strong>${this.t("wipe.goes",{size:H.size(C.size)})}</div>
        <div><strong>${H.number(C.held)}</strong>${this.t("wipe.stays")}</div>
      </div>
      ${C.oldest!==null&&C.newest!==null?M`<p class="secondary">${H.moment(C.oldest)} – ${H.moment(C.newest)}</p>`:""}
      ${C.held>0||this.includeHeld?M`<label class="check">
              <input
                type="checkbox"
                .checked=${this.includeHeld}
                @change=${V=>{this.includeHeld=V.target.checked,this.look()}}
              />
              <span>${this.t("wipe.include_held")}</span>
            </label>`:""}`:this.trouble?"":M`<progress aria-label=${this.t("common.loading")}></progress>`}async wipe(){this.busy=!0,this.trouble=null;let C=this.app.news.cameras.find(H=>H.camera_id===this.camera)?.entity_id;try{this.done=await this.app.client.act("wipe_media",{scope:this.scope,reason:this.reason,include_held:this.includeHeld,confirm:!0,...this.scope==="camera"?{entity_id:C}:{},...this.scope==="before"?{before:new Date(I(this.until,this.app.zone)*1e3).toISOString()}:{}},H0),this.typed=""}catch(H){this.trouble=H}this.busy=!1}result(C){return M`<div class="card">
      <div class="card-content stack">
        ${b(t1,this.t("wipe.done",{count:C.wiped}))}
        ${C.skipped_held?b(J,this.t("wipe.kept",{count:C.skipped_held})):""}
        ${C.failed?b(T,this.t("wipe.failed",{count:C.failed}),"error"):""}
        <p>${this.t("wipe.medium")}</p>
        <a class="button tonal" href=${C.certificate_link} target="_blank" rel="noopener">
          <cg-icon .path=${C1}></cg-icon>${this.t("wipe.certificate",{id:C.certificate_id})}
        </a>
        ${q(m("registers","medium","new",{certificate:C.certificate_id}),M`<cg-icon .path=${f2}></cg-icon>${this.t("wipe.enter_medium")}`,"button")}
      </div>
      <div class="card-actions">
        <span class="grow"></span>
        <button
          @click=${()=>{this.done=null,this.scope="",this.reason="",this.found=null}}
        >
          ${this.t("common.close")}
        </button>
      </div>
    </div>`}};i([A()],r1.prototype,"scope",2),i([A()],r1.prototype,"camera",2),i([A()],r1.prototype,"until",2),i([A()],r1.prototype,"includeHeld",2),i([A()],r1.prototype,"reason",2),i([A()],r1.prototype,"typed",2),i([A()],r1.prototype,"found",2),i([A()],r1.prototype,"trouble",2),i([A()],r1.prototype,"busy",2),i([A()],r1.prototype,"done",2);c("cg-wipe",r1);var o5=()=>window.open("about:blank","_blank");function j1(r,L,C=!1){if(L){L.opener=null,L.location.href=r;return}let H=document.createElement("a");H.href=r,H.target="_blank",H.rel="noopener",C&&(H.download=""),document.body.append(H),H.click(),H.remove()}var A3={sign:W5,person:y5,review:$5,medium:f2,complaint:_5,contractor:w5,access:b5,incident:q5,document:K2},a3=5,$1=class extends h{constructor(){super(...arguments);this.known=null;this.trouble=null;this.busy="";this.code=null;this.lost=null;this.seen=-1}static{this.styles=[u,v`
      .kinds {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 250px), 1fr));
        gap: 12px;
      }
      .kind {
        display: grid;
        grid-template-columns: 40px 1fr auto;
        gap: 2px 12px;
        align-items: center;
        padding: 14px 16px;
        text-decoration: none;
        color: inherit;
      }
      .kind cg-icon {
        grid-row: span 2;
        --cg-icon-size: 32px;
        color: var(--secondary-text-color);
      }
      .kind:hover {
        background: color-mix(in srgb, var(--primary-text-color) 4%, var(--card-background-color));
      }
      .badge {
        border-radius: 12px;
        padding: 2px 10px;
        font-size: 12px;
        font-weight: 500;
        background: color-mix(in srgb, var(--warning-color, #ffa600) 24%, transparent);
      }
      .badge.bad {
        background: color-mix(in srgb, var(--error-color, #db4437) 22%, transparent);
        color: inherit;
      }
      .count {
        color: var(--secondary-text-color);
      }
      .kind .secondary {
        grid-column: 2 / -1;
      }
      .duty-line {
        display: flex;
        gap: 12px;
        align-items: center;
        flex-wrap: wrap;
        padding: 10px 16px;
        min-height: 48px;
        text-decoration: none;
        border-top: 1px solid var(--divider-color);
      }
      .duty-line .grow {
        flex: 1 1 200px;
      }
      .duty-line:hover {
        background: color-mix(in srgb, var(--primary-text-color) 4%, transparent);
      }
      cg-icon.bad,
      cg-icon.warn {
        color: var(--warning-color, #ffa600);
      }
      cg-icon.bad {
        color: var(--error-color, #db4437);
      }
      span.bad {
        font-weight: 500;
      }
      .papers {
        display: flex;
        gap: 8px;
        flex-wrap: wrap;
        margin-top: 12px;
      }
      .code {
        font-size: 22px;
        letter-spacing: 1px;
        padding: 12px;
        border: 2px dashed var(--primary-color);
        border-radius: 8px;
        text-align: center;
        user-select: all;
        overflow-wrap: anywhere;
        font-family: var(--ha-font-family-code, monospace);
      }
    `]}willUpdate(){let C=this.app.news.duties;C!==this.seen&&(this.seen=C,this.load())}async load(){try{this.known=await this.app.client.call("registers/overview",{},W2),this.trouble=null}catch(C){this.trouble=C}}render(){if(this.trouble&&!this.known)return M`<div class="page">${y(this.app,this.trouble,()=>{this.load()})}</div>`;if(!this.known)return B(this.app);let C=this.known;return M`<div class="page stack">
      <div>
        <h2>${this.t("registers.title")}</h2>
        <p class="secondary">${this.t("registers.hint")}</p>
      </div>
      ${this.trouble?y(this.app,this.trouble):""}
      ${C.unreadable.slice(0,a3).map(H=>b(V2,M`<p>${this.app.texts.fault(H.reason,{detail:H.number})}</p>
            <div class="papers">
              ${H.reason==="record_locked"?M`<a class="button tonal" href="/config/repairs">${this.t("overview.mend")}</a>`:""}
              <button ?disabled=${this.busy!==""} @click=${()=>this.lost=H}>
                ${this.t("registers.unreadable_erase")}
              </button>
            </div>`,"error"))}
      ${C.unreadable.length>a3?M`<p class="secondary">${this.t("registers.shown",{shown:a3,total:C.unreadable.length})}</p>`:""}
      ${this.duties(C)}
      <div class="kinds">${C.kinds.filter(H=>H.kind!=="document").map(H=>this.kind(H))}</div>
      ${this.papers(C)} ${this.upkeep(C)} ${this.dialog()} ${this.lostDialog()}
    </div>`}duties(C){if(C.duties.length===0)return b(t1,this.t("registers.nothing_to_do"));let H=new Map(C.users.map(V=>[V.user_id,V.name]));return M`<section class="card" aria-labelledby="todo">
      <h3 class="card-header" id="todo" style="padding-bottom:12px">${this.t("registers.to_do")}</h3>
      ${C.duties.map(V=>i5(this.app,V,H))}
    </section>`}kind(C){let H=C.late?M`<span class="badge bad">${this.t("registers.late",{count:C.late})}</span>`:C.open&&!["sign","person"].includes(C.kind)?M`<span class="badge">${this.t("registers.open",{count:C.open})}</span>`:M`<span class="count">${C.total||""}</span>`;return q(m("registers",C.kind),M`<cg-icon .path=${A3[C.kind]??I1}></cg-icon>
        <strong>${this.t(`registers.kind_${C.kind}`)}</strong>${H}
        <span class="secondary">${this.t(`registers.about_${C.kind}`)}</span>`,"card kind")}papers(C){let H=C.kinds.find(V=>V.kind==="document")?.total??0;return M`<section class="card"><div class="card-content">
      <h3>${this.t("registers.papers")}</h3>
      <p class="secondary">${this.t("registers.papers_hint")}</p>
      <div class="papers">
        ${q(m("registers","sign","print"),M`<cg-icon .path=${C1}></cg-icon>${this.t("registers.sign")}`,"button tonal")}
        ${["rules","report"].map(V=>M`<button class="tonal" ?disabled=${this.busy!==""} @click=${()=>{this.make(V)}}>
              <cg-icon .path=${K2}></cg-icon>${this.t(`registers.make_${V}`)}
            </button>`)}
        ${H?q(m("registers","document"),this.t("registers.documents",{count:H}),"button"):""}
      </div>
      ${["rules","report"].includes(this.busy)?M`<progress aria-label=${this.t("common.loading")}></progress>`:""}
    </div></section>`}upkeep(C){let{format:H}=this.app;return M`<section class="card"><div class="card-content">
      <h3>${this.t("registers.upkeep")}</h3>
      <p>
        ${C.checked?this.t("registers.checked",{when:H.moment(C.checked)}):this.t("registers.never_checked")}
      </p>
      <p>${C.not_in_kit?this.t("registers.not_in_kit",{count:C.not_in_kit}):this.t("registers.all_in_kit")}</p>
      <div class="papers">
        <button class="tonal" ?disabled=${this.busy!==""} @click=${()=>{this.check()}}>
          <cg-icon .path=${u2}></cg-icon>${this.t("registers.check")}
        </button>
        <button class="tonal" ?disabled=${this.busy!==""||C.not_in_kit===0} @click=${()=>{this.makeKit()}}>
          <cg-icon .path=${V2}></cg-icon>${this.t("registers.make_kit")}
        </button>
        <button ?disabled=${this.busy!==""} @click=${()=>{this.export()}}>
          <cg-icon .path=${p1}></cg-icon>${this.t("registers.export_all")}
        </button>
      </div>
    </div></section>`}dialog(){return M`<cg-dialog .open=${this.code!==null} busy .heading=${this.t("registers.kit_title")}>
      <p>${this.t("registers.kit_hint",{clips:this.code?.clips??0,records:this.code?.records??0})}</p>
      <div class="code">${this.code?.code??""}</div>
      <p class="secondary" style="margin-top:12px">${this.t("registers.kit_once")}</p>
      <button slot="actions" class="filled" @click=${()=>this.code=null}>${this.t("registers.kit_noted")}</button>
    </cg-dialog>`}lostDialog(){return M`<cg-dialog
      .open=${this.lost!==null}
      .busy=${this.busy!==""}
      .heading=${this.t("registers.erase_title",{number:this.lost?.number??""})}
      @closed=${()=>this.lost=null}
    >
      <p>${this.t("registers.erase_hint")}</p>
      <button slot="actions" @click=${()=>this.lost=null}>${this.t("common.cancel")}</button>
      <button slot="actions" class="danger" ?disabled=${this.busy!==""} @click=${()=>{this.eraseLost()}}>
        ${this.t("registers.erase")}
      </button>
    </cg-dialog>`}async eraseLost(){let C=this.lost?.record_id;await this.during("erase",async()=>{await this.app.client.call("registers/erase",{record_id:C},J1)}),this.lost=null}async during(C,H){this.busy=C,this.trouble=null;try{await H()}catch(V){this.trouble=V}this.busy=""}async make(C){let H=o5();await this.during(C,async()=>{let V=await this.app.client.call("papers/make",{document:C},U2);j1(V.html,H)}),this.trouble&&H?.close()}async check(){await this.during("check",async()=>{let C=await this.app.client.call("duties/check",{},j3);this.app.toast(this.t("registers.check_done",C))})}async makeKit(){await this.during("kit",async()=>{this.code=await this.app.client.call("registers/kit",{},q3),await this.load()})}async export(){await this.during("export",async()=>{let{link:C}=await this.app.client.call("registers/export",{kind:"all",form:"json"},d1);j1(C,null,!0)})}};i([A()],$1.prototype,"known",2),i([A()],$1.prototype,"trouble",2),i([A()],$1.prototype,"busy",2),i([A()],$1.prototype,"code",2),i([A()],$1.prototype,"lost",2);c("cg-registers",$1);var k7=50,$7=250,A1=class extends h{constructor(){super(...arguments);this.kind="";this.rows=null;this.total=0;this.text="";this.closed=!1;this.trouble=null;this.busy=!1;this.chosen=null;this.seen=-1;this.asked=0;this.timer=0}static{this.styles=[u,v`
      .line {
        display: grid;
        grid-template-columns: 120px minmax(0, 1fr) auto;
        gap: 4px 16px;
        padding: 12px 16px;
        min-height: 48px;
        text-decoration: none;
        color: inherit;
        border-top: 1px solid var(--divider-color);
        align-items: baseline;
      }
      .line:hover {
        background: color-mix(in srgb, var(--primary-text-color) 4%, transparent);
      }
      .line strong {
        font-weight: 500;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      @media (max-width: 600px) {
        .line {
          grid-template-columns: minmax(0, 1fr) auto;
        }
        .line strong {
          grid-column: 1 / -1;
          grid-row: 2;
        }
      }
      .tools {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 8px 16px;
        padding: 12px 16px;
        align-items: center;
      }
      @media (max-width: 600px) {
        .tools {
          grid-template-columns: 1fr;
        }
      }
      .bad {
        color: var(--error-color, #db4437);
      }
    `]}willUpdate(C){let H=this.app.news.duties;C.has("kind")&&(this.rows=null),(C.has("kind")||H!==this.seen)&&(this.seen=H,this.closed||=["document","review"].includes(this.kind),this.load())}async load(C=!1){let H=++this.asked,V=C?this.rows??[]:[];this.busy=!0;try{let e=await this.app.client.call("registers/list",{kind:this.kind,text:this.text.trim(),closed:this.closed,offset:V.length,limit:k7},K3);if(H!==this.asked)return;this.rows=[...V,...e.records],this.total=e.total,this.trouble=null}catch(e){H===this.asked&&(this.trouble=e)}this.busy=!1}render(){let C=this.kind!=="document";return M`<div class="page narrow-page stack">
      <div class="row">
        <button class="icon" aria-label=${this.t("common.back")} @click=${()=>g(m("registers"))}>
          <cg-icon .path=${Q}></cg-icon>
        </button>
        <h2 class="grow">${this.t(`registers.kind_${this.kind}`)}</h2>
        ${this.kind==="sign"?q(m("registers","sign","print"),M`<cg-icon .path=${C1}></cg-icon>${this.t("registers.print")}`,"button"):""}
        ${C?M`<button class="filled" @click=${()=>g(m("registers",this.kind,"new"))}>
                <cg-icon .path=${o1}></cg-icon>${this.t("registers.add")}
              </button>`:""}
      </div>
      <p class="secondary">${this.t(`registers.about_${this.kind}`)}</p>
      <div class="card">
        <div class="tools">
          <input
            type="search"
            aria-label=${this.t("ledger.search")}
            placeholder=${this.t("ledger.search")}
            maxlength="200"
            .value=${this.text}
            @input=${H=>{this.text=H.target.value,window.clearTimeout(this.timer),this.timer=window.setTimeout(()=>{this.load()},$7)}}
          />
          <label class="check">
            <input
              type="checkbox"
              .checked=${this.closed}
              @change=${H=>{this.closed=H.target.checked,this.load()}}
            />
            <span>${this.t("registers.show_closed")}</span>
          </label>
        </div>
        ${this.trouble?y(this.app,this.trouble,()=>{this.load()}):""}
        ${this.rows===null?B(this.app):this.list(this.rows)}
      </div>
      ${this.rows&&this.rows.length>0?M`<div class="row">
              <span class="grow"></span>
              <button @click=${()=>{this.export()}}>
                <cg-icon .path=${p1}></cg-icon>${this.t("registers.export_csv")}
              </button>
            </div>`:""}
      ${this.files()}
    </div>`}list(C){if(C.length===0){let H=this.text||this.kind==="document"?"":this.t(`registers.none_${this.kind}`);return K(A3[this.kind]??I1,this.t(this.text?"ledger.none":"registers.none"),H)}return M`${C.map(H=>this.row(H))}
    ${C.length<this.total?M`<div class="card-actions">
            <span class="secondary grow">${this.t("registers.shown",{shown:C.length,total:this.total})}</span>
            <button ?disabled=${this.busy} @click=${()=>{this.load(!0)}}>${this.t("registers.more")}</button>
          </div>`:""}`}row(C){let H=this.kind==="document"?this.t(`registers.choice_document_${C.title}`):C.title.split(`
`)[0],V=C.closed_on?this.kind==="document"?q1(this.app,C.closed_on):this.t("registers.closed_on",{day:q1(this.app,C.closed_on)}):C.duty?.due?this.t(C.duty.late?"registers.overdue_since":"registers.due",{day:q1(this.app,C.duty.due)}):C.duty?this.t(`duties.${C.duty.what}`):"",e=M`<span class="secondary">${C.number}</span><strong dir="auto">${H}</strong>
      <span class=${C.duty?.late&&!C.closed_on?"bad":"secondary"}>${V}</span>`;return this.kind!=="document"?q(m("registers",this.kind,C.record_id),e,"line"):M`<a
      class="line"
      href="#"
      @click=${t=>{t.preventDefault(),this.show(C)}}
      >${e}</a
    >`}async show(C){try{let H=await this.app.client.call("papers/document",{record_id:C.record_id},U2);this.chosen={number:C.number,links:H}}catch(H){this.trouble=H}}files(){let C=this.chosen?.links;return M`<cg-dialog
      .open=${C!==void 0}
      .heading=${this.chosen?.number??""}
      @closed=${()=>this.chosen=null}
    >
      <p>${this.t("registers.files_hint")}</p>
      <div class="stack">
        ${["html","json","sig","pem"].map(H=>M`<a class="button tonal" style="margin:0 8px 8px 0" href=${C?.[H]??"#"} target="_blank" rel="noopener"
              ><cg-icon .path=${H==="html"?C1:p1}></cg-icon>${this.t(`registers.file_${H}`)}</a
            >`)}
      </div>
      <button slot="actions" @click=${()=>this.chosen=null}>${this.t("common.close")}</button>
    </cg-dialog>`}async export(){try{let{link:C}=await this.app.client.call("registers/export",{kind:this.kind,form:"csv"},d1);j1(C,null,!0)}catch(C){this.trouble=C}}};i([p()],A1.prototype,"kind",2),i([A()],A1.prototype,"rows",2),i([A()],A1.prototype,"total",2),i([A()],A1.prototype,"text",2),i([A()],A1.prototype,"closed",2),i([A()],A1.prototype,"trouble",2),i([A()],A1.prototype,"busy",2),i([A()],A1.prototype,"chosen",2);c("cg-register",A1);function g0(r,L,C=1600){let H=Math.min(1,C/Math.max(r,L,1));return[Math.max(1,Math.round(r*H)),Math.max(1,Math.round(L*H))]}var P7=.85;async function f0(r){let L=await createImageBitmap(r,{imageOrientation:"from-image"}),C=document.createElement("canvas");[C.width,C.height]=g0(L.width,L.height);let H=C.getContext("2d");if(!H)throw new Error("no canvas");return H.fillStyle="#fff",H.fillRect(0,0,C.width,C.height),H.drawImage(L,0,0,C.width,C.height),L.close(),C.toDataURL("image/jpeg",P7).split(",")[1]??""}function a5(r,L,C,H){if(r.body===null)return L.t("ledger.dropped");let V=`ledger.${r.event}`,e=T7(r.body,L,C,H);if(r.event==="settings_changed"&&!("camera_id"in r.body))return L.t("ledger.settings_changed_site",e);let t=r.body.user_id===null||r.body.user_id===void 0?`${V}_itself`:V;return L.has(t)?L.t(t,e):L.has(V)?L.t(V,e):L.t("ledger.unknown",{event:r.event})}function T7(r,L,C,H){let V={};for(let[e,t]of Object.entries(r))(typeof t=="string"||typeof t=="number")&&(V[e]=t),Array.isArray(t)&&(V[`${e}_count`]=t.length);return V.who=H1(r.user_name)||L.t("ledger.nobody"),V.register=L.t(`registers.kind_${H1(r.kind)||"all"}`),V.camera=H.camera(H1(r.camera_id)),V.count=Array.isArray(r.clip_ids)?r.clip_ids.length:Number(r.clips??0),V.reason=B7(r,L),V.cause=L.fault(H1(r.cause))??H1(r.cause),typeof r.from_us=="number"&&(V.from=C.time(r.from_us/1e6,!0)),V.to=typeof r.to_us=="number"?C.time(r.to_us/1e6,!0):"…",typeof r.until_us=="number"&&(V.until=C.shortDay(r.until_us/1e6)),V}function B7(r,L){let C=H1(r.reason);return L.has(`ledger.reason_${C}`)?L.t(`ledger.reason_${C}`):C}var $=null,R7=["ja","en"],F7=["settings_changed","held","view_approved","privacy_on","privacy_off"],n1=class extends h{constructor(){super(...arguments);this.known=null;this.record=null;this.trouble=null;this.refused=null;this.busy=!1;this.erasing=!1;this.happened=[];this.shown=""}static{this.styles=[u,v`
      .two {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 240px), 1fr));
        gap: 16px;
      }
      fieldset {
        border: 0;
        padding: 0;
        margin: 0;
        min-width: 0;
      }
      legend {
        font-size: 12px;
        color: var(--secondary-text-color);
        padding: 0;
      }
      .entry {
        display: grid;
        grid-template-columns: 160px minmax(0, 1fr) auto;
        gap: 8px;
        margin-top: 8px;
        align-items: start;
      }
      @media (max-width: 600px) {
        .entry {
          grid-template-columns: minmax(0, 1fr) auto;
        }
        .entry textarea {
          grid-column: 1 / -1;
        }
      }
      textarea {
        resize: vertical;
      }
      img {
        max-width: 100%;
        max-height: 320px;
        border-radius: 8px;
        display: block;
        margin-bottom: 8px;
      }
      .hint {
        margin: 4px 0 0;
        font-size: 12px;
      }
      .flow {
        display: flex;
        gap: 8px;
        flex-wrap: wrap;
      }
      li {
        margin: 4px 0;
      }
    `]}get kind(){return this.route.id}get fresh(){return this.route.part==="new"}get register(){return this.known?.kinds.find(C=>C.kind===this.kind)}willUpdate(C){let H=`${this.route.id}/${this.route.part}?${this.route.query.toString()}`;C.has("route")&&H!==this.shown&&(this.shown=H,this.load())}async load(){this.trouble=null,this.refused=null;try{let C=this.app.client,[H,V]=await Promise.all([C.call("registers/overview",{},W2),this.fresh?null:C.call("registers/get",{record_id:this.route.part},O5)]);this.known=H,this.take(V),this.look()}catch(C){this.trouble=C}}take(C){if(this.record=C,$?.key===this.shown&&$.changed)return;let H=C?{...C.fields}:this.initial();$={key:this.shown,revision:C?.revision??0,values:H,picture:null,changed:!1}}initial(){let C={},H=this.known?.today??"";for(let o of this.register?.fields??[])C[o.name]=o.type==="flag"?!1:["cameras","entries"].includes(o.type)?[]:"",o.required&&o.type==="date"&&(C[o.name]=H),o.required&&o.type==="choice"&&(C[o.name]=o.choices[0]??"");let V=this.route.query,e=V.get("camera");e&&"cameras"in C&&(C.cameras=[e]),this.kind==="sign"&&(C.states_present=!0,e||(C.cameras=this.app.news.cameras.map(o=>o.camera_id)));let t=V.get("user");t&&"user"in C&&(C.user=t,C.role="viewer",C.name=this.known?.users.find(o=>o.user_id===t)?.name??"");for(let o of["role","certificate","medium"]){let a=V.get(o);a&&o in C&&(C[o]=a)}return C}async look(){this.happened=[];let C=this.record,H=C?.kind==="complaint"?C.fields.cameras:[];if(!C||H.length===0)return;let V=I(String(C.fields.received_on),this.app.zone);try{let e=await Promise.all(H.map(a=>this.app.client.call("ledger/list",{events:F7,text:a,start:V,limit:20},C2))),{texts:t,format:o}=this.app;this.happened=e.flatMap(a=>a.entries).sort((a,l)=>a.seq-l.seq).map(a=>`${o.shortDay(a.time)} ${a5(a,t,o,{camera:l=>this.app.cameraName(l)})}`)}catch{this.happened=[]}}render(){if(this.trouble)return M`<div class="page">${y(this.app,this.trouble,()=>{this.load()})}</div>`;let C=this.register;if(!this.known||!$||!C)return B(this.app);let H=this.record;return M`<div class="page narrow-page stack">
      <div class="row">
        <button class="icon" aria-label=${this.t("common.back")} @click=${()=>this.leave()}>
          <cg-icon .path=${Q}></cg-icon>
        </button>
        <h2 class="grow">
          ${H?H.number:this.t("registers.new",{register:this.t(`registers.kind_${this.kind}`)})}
        </h2>
        ${H?.closed_on?M`<span class="secondary">${this.t("registers.closed_on",{day:q1(this.app,H.closed_on)})}</span>`:""}
      </div>
      ${this.note()}
      <form
        class="card"
        @submit=${V=>{V.preventDefault(),this.save()}}
      >
        <div class="card-content stack">
          ${this.fields(C)} ${C.pictured?this.picture(H):""}
          ${this.refused?this.refusal(this.refused):""}
          ${this.busy?M`<progress aria-label=${this.t("common.saving")}></progress>`:""}
        </div>
        <div class="card-actions">
          ${H?M`<button type="button" ?disabled=${this.busy} @click=${()=>this.erasing=!0}>
                  <cg-icon .path=${Y}></cg-icon>${this.t("registers.erase")}
                </button>`:""}
          <span class="grow"></span>
          <button type="button" ?disabled=${this.busy} @click=${()=>this.leave()}>${this.t("common.cancel")}</button>
          <button class="filled" ?disabled=${this.busy||!$.changed&&H!==null}>${this.t("common.save")}</button>
        </div>
      </form>
      ${H?this.onward(H):""} ${H&&H.letters.length>0?this.letters(H):""}
      ${this.eraseDialog()}
    </div>`}note(){let C=`registers.note_${this.kind}`;return this.app.texts.has(C)?b(Z1,M`<div style="white-space:pre-line">${this.t(C)}</div>`):""}refusal(C){let H=D(C),V=H.placeholders.field,e=V?{...H.placeholders,field:this.t(`registers.field_${V}`)}:H.placeholders,t=this.app.texts.fault(H.key,e)??this.app.texts.refusal(H);return M`<div class="notice error" role="alert">
      <cg-icon .path=${T}></cg-icon>
      <div class="grow">
        <p>${t}</p>
        ${H.key==="record_changed_meanwhile"?M`<button
                type="button"
                class="tonal"
                @click=${()=>{$=null,this.load()}}
              >
                ${this.t("registers.open_again")}
              </button>`:""}
      </div>
    </div>`}fields(C){let H=e=>["line","date","choice","user"].includes(e.type),V=[];for(let e of C.fields){let t=V.at(-1);t&&t[0]&&H(t[0])&&H(e)?t.push(e):V.push([e])}return V.map(e=>e.length>1?M`<div class="two">${e.map(t=>this.field(t))}</div>`:this.field(e[0]))}set(C,H){$&&($.values={...$.values,[C]:H},$.changed=!0,this.requestUpdate())}field(C){let{name:H}=C,V=$?.values[H],e=`${this.t(`registers.field_${H}`)}${C.required?" *":""}`,t=[`registers.hint_${this.kind}_${H}`,`registers.hint_${H}`].find(a=>this.app.texts.has(a)),o=t?M`<p class="secondary hint">${this.t(t)}</p>`:"";switch(C.type){case"text":return M`<label class="field"
            >${e}<textarea
              rows="4"
              dir="auto"
              maxlength=${this.known?.text_max??1e4}
              ?required=${C.required}
              .value=${H1(V)}
              @input=${a=>this.set(H,a.target.value)}
            ></textarea></label
          >${o}`;case"date":return M`<div>
          <label class="field"
            >${e}<input
              type="date"
              ?required=${C.required}
              .value=${H1(V)}
              @change=${a=>this.set(H,a.target.value)}
          /></label>
          ${o}
        </div>`;case"choice":case"user":return M`<div>
          <label class="field"
            >${e}<select
              ?required=${C.required}
              @change=${a=>this.set(H,a.target.value)}
            >
              ${C.required?"":M`<option value="" ?selected=${V===""}>–</option>`}
              ${this.options(C).map(([a,l])=>M`<option value=${a} ?selected=${a===V}>${l}</option>`)}
            </select></label
          >
          ${o}
        </div>`;case"flag":return M`<label class="check"
            ><input
              type="checkbox"
              .checked=${V===!0}
              @change=${a=>this.set(H,a.target.checked)}
            /><span>${e}</span></label
          >${o}`;case"cameras":return this.cameras(C,e);case"entries":return this.entries(C,e);default:return M`<div>
          <label class="field"
            >${e}<input
              dir="auto"
              maxlength=${this.known?.line_max??200}
              ?required=${C.required}
              .value=${H1(V)}
              @input=${a=>this.set(H,a.target.value)}
          /></label>
          ${o}
        </div>`}}options(C){return C.type==="user"?(this.known?.users??[]).map(H=>[H.user_id,H.administrator?this.t("registers.user_administrator",{name:H.name}):H.name]):C.choices.map(H=>[H,this.t(`registers.choice_${C.name}_${H}`)])}cameras(C,H){let V=$?.values[C.name]??[],e=this.app.news.cameras.map(o=>o.camera_id),t=[...e,...V.filter(o=>!e.includes(o))];return M`<fieldset>
      <legend>${H}</legend>
      ${t.map(o=>M`<label class="check"
            ><input
              type="checkbox"
              .checked=${V.includes(o)}
              @change=${a=>this.set(C.name,a.target.checked?[...V,o]:V.filter(l=>l!==o))}
            /><span>${this.app.cameraName(o)}</span></label
          >`)}
      ${t.length===0?M`<p class="secondary">${this.t("cameras.none")}</p>`:""}
    </fieldset>`}entries(C,H){let V=$?.values[C.name]??[],e=(t,o)=>this.set(C.name,V.map((a,l)=>l===t?{...a,...o}:a));return M`<fieldset>
      <legend>${H}</legend>
      ${V.map((t,o)=>M`<div class="entry">
            <input
              type="date"
              aria-label=${this.t("registers.entry_date")}
              required
              .value=${t.date}
              @change=${a=>e(o,{date:a.target.value})}
            />
            <textarea
              rows="2"
              dir="auto"
              aria-label=${this.t("registers.entry_text")}
              required
              maxlength=${this.known?.text_max??1e4}
              .value=${t.text}
              @input=${a=>e(o,{text:a.target.value})}
            ></textarea>
            <button
              type="button"
              class="icon"
              aria-label=${this.t("registers.entry_remove")}
              @click=${()=>this.set(C.name,V.filter((a,l)=>l!==o))}
            >
              <cg-icon .path=${h2}></cg-icon>
            </button>
          </div>`)}
      <button
        type="button"
        style="margin-top:8px"
        @click=${()=>this.set(C.name,[...V,{date:this.known?.today??"",text:""}])}
      >
        <cg-icon .path=${o1}></cg-icon>${this.t("registers.entry_add")}
      </button>
    </fieldset>`}picture(C){let H=$?.picture,V=H==null?C?.picture??"":H&&`data:image/jpeg;base64,${H}`;return M`<fieldset>
      <legend>${this.t("registers.picture")}</legend>
      ${V?M`<img src=${V} alt=${this.t("registers.picture")} />`:""}
      <div class="flow">
        <input
          type="file"
          accept="image/*"
          aria-label=${this.t("registers.picture_choose")}
          @change=${e=>{this.choose(e.target)}}
        />
        ${V?M`<button
                type="button"
                @click=${()=>{$&&($.picture="",$.changed=!0,this.requestUpdate())}}
              >
                ${this.t("registers.picture_remove")}
              </button>`:""}
      </div>
      <p class="secondary hint">${this.t("registers.picture_hint")}</p>
    </fieldset>`}async choose(C){let H=C.files?.[0];if(!(!H||!$)){try{$.picture=await f0(H),$.changed=!0}catch{this.app.toast(this.app.texts.fault("record_picture_unreadable")??"")}C.value="",this.requestUpdate()}}async save(){if(!$)return;this.busy=!0,this.refused=null;let C=$.values;try{let H=await this.app.client.call("registers/save",{kind:this.kind,fields:C,...this.record?{record_id:this.record.record_id,revision:$.revision}:{},...$.picture===null?{}:{picture:$.picture}},O5);$=null,this.app.toast(this.t("registers.saved",{number:H.number})),this.fresh?g(m("registers",this.kind,H.record_id),!0):(this.take(H),this.look())}catch(H){this.refused=H}this.busy=!1}leave(){$=null,g(m("registers",this.kind))}onward(C){if(!["complaint","access","incident"].includes(C.kind))return"";let H=C.fields.cameras.filter(e=>this.app.news.cameras.some(t=>t.camera_id===e)),V=H1(C.fields.received_on??C.fields.noticed_on);return M`<section class="card"><div class="card-content stack">
      <h3>${this.t("registers.onward")}</h3>
      <p class="secondary">${this.t(`registers.onward_${C.kind}`)}</p>
      <div class="flow">
        ${H.map(e=>M`
            ${C.kind==="complaint"?q(m("cameras",e,"zones"),M`<cg-icon .path=${h1}></cg-icon>${this.t("registers.to_zones",{camera:this.app.cameraName(e)})}`,"button tonal"):""}
            ${q(m("clips","","",{camera:e,day:V}),M`<cg-icon .path=${J}></cg-icon>${this.t("registers.to_clips",{camera:this.app.cameraName(e)})}`,"button tonal")}
          `)}
        ${H.length===0?M`<p class="secondary">${this.t("registers.no_camera")}</p>`:""}
      </div>
      ${this.happened.length>0?M`<div>
              <p>${this.t("registers.happened")}</p>
              <ul>
                ${this.happened.map(e=>M`<li>${e}</li>`)}
              </ul>
              <button
                @click=${()=>{let e=H1($?.values.outcome);this.set("outcome",[e,...this.happened].filter(Boolean).join(`
`))}}
              >
                ${this.t("registers.take_over")}
              </button>
            </div>`:""}
    </div></section>`}letters(C){return M`<section class="card"><div class="card-content stack">
      <h3>${this.t("registers.letters")}</h3>
      <p class="secondary">${this.t("registers.letters_hint")}</p>
      ${C.letters.map(H=>M`<div class="row">
            <span class="grow">${this.t(`registers.letter_${H}`)}</span>
            ${R7.map(V=>M`<button class="tonal" @click=${()=>{this.letter(H,V)}}>
                  <cg-icon .path=${C1}></cg-icon>${V==="ja"?"日本語":"English"}
                </button>`)}
          </div>`)}
    </div></section>`}async letter(C,H){let V=o5();try{let e={record_id:this.route.part,letter:C,language:H};j1((await this.app.client.call("papers/letter",e,d1)).link,V)}catch(e){V?.close(),this.app.toast(e)}}eraseDialog(){return M`<cg-dialog
      .open=${this.erasing}
      .busy=${this.busy}
      .heading=${this.t("registers.erase_title",{number:this.record?.number??""})}
      @closed=${()=>this.erasing=!1}
    >
      <p>${this.t("registers.erase_hint")}</p>
      <button slot="actions" ?disabled=${this.busy} @click=${()=>this.erasing=!1}>${this.t("common.cancel")}</button>
      <button slot="actions" class="danger" ?disabled=${this.busy} @click=${()=>{this.erase()}}>
        ${this.t("registers.erase")}
      </button>
    </cg-dialog>`}async erase(){this.busy=!0;try{await this.app.client.call("registers/erase",{record_id:this.route.part},J1),$=null,this.erasing=!1,this.app.toast(this.t("registers.erased",{number:this.record?.number??""})),g(m("registers",this.kind),!0)}catch(C){this.erasing=!1,this.refused=C}this.busy=!1}};i([p({attribute:!1})],n1.prototype,"route",2),i([A()],n1.prototype,"known",2),i([A()],n1.prototype,"record",2),i([A()],n1.prototype,"trouble",2),i([A()],n1.prototype,"refused",2),i([A()],n1.prototype,"busy",2),i([A()],n1.prototype,"erasing",2),i([A()],n1.prototype,"happened",2);c("cg-record",n1);var O0={size:["a4","a5","sticker"],language:["ja","en","both"],variant:["home","shop","shared"]},E7={a4:[210,297],a5:[148,210],sticker:[100,100]},b0=96/25.4,_7=500,P1=null,n3="",k2=class extends h{constructor(){super(...arguments);this.path="";this.trouble=null;this.asked=0;this.timer=0}static{this.styles=[u,v`
      .grid {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
        gap: 16px;
        align-items: start;
      }
      @media (max-width: 870px) {
        .grid {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      .sheet {
        container-type: inline-size;
      }
      .frame {
        margin: 0 auto;
        overflow: hidden;
        box-shadow: 0 1px 6px rgb(0 0 0 / 30%);
        background: #fff;
      }
      iframe {
        border: 0;
        display: block;
        transform-origin: 0 0;
        pointer-events: none;
      }
    `]}willUpdate(){P1===null&&(P1={size:"a4",language:this.app.texts.language==="ja"?"ja":"both",variant:"home"}),!this.path&&this.asked===0&&this.load()}async load(){let C=++this.asked;this.trouble=null;try{let H=n3.trim(),{link:V}=await this.app.client.call("papers/sign",{...P1??{},...H?{url:H}:{}},d1),e=await fetch(this.app.hass().hassUrl(V),{cache:"no-store"});if(C!==this.asked)return;e.ok?this.path=V:this.trouble={code:"",message:await e.text()}}catch(H){C===this.asked&&(this.trouble=H)}}render(){let[C,H]=E7[P1?.size??"a4"]??[210,297],[V,e]=[C*b0,H*b0],t=Math.min(1,(this.app.narrow?320:480)/V);return M`<div class="page stack">
      <div class="row">
        <button class="icon" aria-label=${this.t("common.back")} @click=${()=>g(m("registers","sign"))}>
          <cg-icon .path=${Q}></cg-icon>
        </button>
        <h2 class="grow">${this.t("sign.title")}</h2>
      </div>
      <div class="grid">
        <div class="card">
          <div class="card-content stack">
            <p class="secondary">${this.t("sign.hint")}</p>
            ${Object.keys(O0).map(o=>this.choice(o))}
            <label class="field"
              >${this.t("sign.url")}
              <input
                type="url"
                placeholder="https://"
                maxlength="300"
                .value=${n3}
                @input=${o=>{n3=o.target.value,window.clearTimeout(this.timer),this.timer=window.setTimeout(()=>{this.load()},_7)}}
              />
            </label>
            <p class="secondary">${this.t("sign.url_hint")}</p>
            ${this.trouble?y(this.app,this.trouble):""}
          </div>
          <div class="card-actions">
            <a class="button" href="/config/integrations/integration/camguard">${this.t("sign.change")}</a>
            <span class="grow"></span>
            <a class="button filled" href=${this.path||"#"} target="_blank" rel="noopener">
              <cg-icon .path=${C1}></cg-icon>${this.t("sign.open")}
            </a>
          </div>
        </div>
        <div class="stack">
          <div class="frame" style="width:${V*t}px;height:${e*t}px">
            ${this.path?M`<iframe
                    title=${this.t("sign.title")}
                    src=${this.path}
                    sandbox="allow-same-origin"
                    scrolling="no"
                    style="width:${V}px;height:${e}px;transform:scale(${t})"
                  ></iframe>`:M`<progress aria-label=${this.t("common.loading")}></progress>`}
          </div>
          <p style="text-align:center">
            ${q(m("registers","sign","new"),M`<cg-icon .path=${o1}></cg-icon>${this.t("sign.enter")}`,"button tonal")}
          </p>
        </div>
      </div>
    </div>`}choice(C){return M`<label class="field"
      >${this.t(`sign.${C}`)}
      <select
        @change=${H=>{P1&&(P1={...P1,[C]:H.target.value}),this.load()}}
      >
        ${O0[C].map(H=>M`<option value=${H} ?selected=${P1?.[C]===H}>${this.t(`sign.${C}_${H}`)}</option>`)}
      </select>
    </label>`}};i([A()],k2.prototype,"path",2),i([A()],k2.prototype,"trouble",2);c("cg-sign",k2);var D7=50,y0={views:["viewed","watched","picture_shown"],disclosures:["disclosing","disclosed","disclosure_aborted","ledger_exported"],holds:["held","released","kit_made","kit_restored"],erasures:["erasing","erased","copies_erased","escrow_renewed","wiping","wiped"],recordings:["recorded","clip_failed","gap","recording_asked","mask_not_proved","unproved_erased","camera_moved"],settings:["camera_added","camera_removed","settings_changed","purpose_changed","privacy_on","privacy_off","view_approved","storage_taken_over","site_begun","copies_begun","copies_ended","host_begun","host_ended","escrow_begun","escrow_ended"],registers:["record_saved","records_erasing","register_exported"],checks:["duties_checked","self_check","anomaly","clock_step","key_changed","root_rotated","bodies_dropped","segment_ended"]},W=class extends h{constructor(){super(...arguments);this.entries=null;this.more=!1;this.total=0;this.trouble=null;this.busy=!1;this.text="";this.group="";this.person="";this.people=[];this.verification=null;this.verifying=!1;this.verifyTrouble=null;this.open=-1;this.asked=0;this.timer=0}static{this.styles=[u,v`
      .filters {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 200px), 1fr));
        gap: 8px;
        margin: 12px 0;
      }
      ol {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        border-top: 1px solid var(--divider-color);
      }
      li:first-child {
        border-top: 0;
      }
      .entry {
        width: 100%;
        border-radius: 0;
        justify-content: flex-start;
        text-align: start;
        font-weight: 400;
        padding: 10px 16px;
        display: grid;
        grid-template-columns: 150px 1fr;
        gap: 4px 16px;
      }
      @media (max-width: 600px) {
        .entry {
          grid-template-columns: 1fr;
        }
      }
      .more {
        padding: 0 16px 12px;
      }
      .sentence {
        overflow-wrap: anywhere;
      }
    `]}connectedCallback(){super.connectedCallback(),this.updateComplete.then(()=>this.loadPeople())}willUpdate(C){C.has("route")&&!C.get("route")&&(this.text=this.route.query.get("q")??"",this.load())}async loadPeople(){try{let C=await this.app.client.send({type:"config/auth/list"});this.people=C.filter(H=>!H.system_generated).map(({id:H,name:V})=>({id:H,name:V}))}catch(C){this.app.toast(C)}}async load(C){let H=++this.asked;this.busy=!0,this.trouble=null;try{let V=await this.app.client.call("ledger/list",{limit:D7,...C?{before:C}:{},...this.text.trim()?{text:this.text.trim()}:{},...this.group?{events:y0[this.group]}:{},...this.person?{user_id:this.person}:{}},C2);if(H!==this.asked)return;this.entries=C?[...this.entries??[],...V.entries]:V.entries,this.more=V.more,this.total=V.total}catch(V){H===this.asked&&(this.trouble=V)}H===this.asked&&(this.busy=!1)}render(){let{format:C}=this.app;return M`<div class="page">
      <div class="row">
        <h2 class="grow">${this.t("ledger.title")}</h2>
        <button class="tonal" ?disabled=${this.verifying} @click=${()=>{this.verify()}}>
          <cg-icon .path=${I5}></cg-icon>${this.t("ledger.verify")}
        </button>
        <button class="tonal" @click=${()=>{this.export()}}>
          <cg-icon .path=${p1}></cg-icon>${this.t("ledger.export")}
        </button>
      </div>
      <p class="secondary">${this.t("ledger.hint",{count:C.number(this.total)})}</p>
      ${this.verificationBox()}
      <div class="filters">
        <input
          type="search"
          aria-label=${this.t("ledger.search")}
          placeholder=${this.t("ledger.search")}
          .value=${this.text}
          @input=${H=>{this.text=H.target.value,window.clearTimeout(this.timer),this.timer=window.setTimeout(()=>{this.load()},350)}}
        />
        <select
          aria-label=${this.t("ledger.kind")}
          @change=${H=>{this.group=H.target.value,this.load()}}
        >
          <option value="">${this.t("ledger.all")}</option>
          ${Object.keys(y0).map(H=>M`<option value=${H}>${this.t(`ledger.group_${H}`)}</option>`)}
        </select>
        <select
          aria-label=${this.t("ledger.person")}
          @change=${H=>{this.person=H.target.value,this.load()}}
        >
          <option value="">${this.t("ledger.anybody")}</option>
          ${this.people.map(H=>M`<option value=${H.id}>${H.name}</option>`)}
        </select>
      </div>
      ${this.trouble?y(this.app,this.trouble,()=>{this.load()}):""}
      ${this.busy?M`<progress aria-label=${this.t("common.loading")}></progress>`:""}
      ${this.entries?this.list(this.entries):this.trouble?"":B(this.app)}
    </div>`}list(C){return C.length===0?K(W1,this.t("ledger.none")):M`<div class="card">
        <ol>
          ${C.map(H=>this.entry(H))}
        </ol>
      </div>
      ${this.more?M`<p class="row" style="justify-content:center;margin-top:12px">
              <button class="tonal" ?disabled=${this.busy} @click=${()=>{this.load(C.at(-1)?.seq)}}>
                ${this.t("ledger.older")}
              </button>
            </p>`:""}`}entry(C){let{format:H,texts:V}=this.app,e=this.open===C.seq,t=C.body?.clip_id;return M`<li>
      <button
        class="entry"
        aria-expanded=${e?"true":"false"}
        @click=${()=>this.open=e?-1:C.seq}
      >
        <span class="secondary">${H.moment(C.time)}</span>
        <span class="sentence">${a5(C,V,H,{camera:o=>this.app.cameraName(o)})}</span>
      </button>
      ${e?M`<div class="more">
              <dl>
                <dt>${this.t("ledger.number")}</dt>
                <dd>${C.seq}</dd>
                <dt>${this.t("ledger.head")}</dt>
                <dd class="mono">${C.head}</dd>
                ${Object.entries(C.body??{}).map(([o,a])=>M`<dt class="mono">${o}</dt>
                      <dd class="mono">${typeof a=="string"?a:JSON.stringify(a)}</dd>`)}
              </dl>
              ${typeof t=="string"?M`<button @click=${()=>g(m("clips",t))}>${this.t("ledger.to_clip")}</button>`:""}
            </div>`:""}
    </li>`}verificationBox(){let C=this.app.news.site?.verifying??null;if(this.verifying||C!==null)return M`<div role="status">
        <progress .value=${C??0} max="1" aria-label=${this.t("ledger.verifying")}></progress>
        ${this.t("ledger.verifying")} ${this.app.format.percent(C??0)}
      </div>`;if(this.verifyTrouble)return y(this.app,this.verifyTrouble);let H=this.verification;return H?H.ok?b(t1,this.t("ledger.verified",{entries:H.entries,clips:H.clips_checked})):b(T,M`<p>${this.t("ledger.problems",{count:H.problems.length})}</p>
        ${H.problems.slice(0,20).map(V=>M`<p>${this.app.texts.fault(V.problem,{seq:V.seq,clip_id:V.clip_id,count:V.detail,name:V.detail})??V.message}</p>`)}`,"error"):""}async verify(){this.verifying=!0,this.verification=null,this.verifyTrouble=null;try{this.verification=await this.app.client.act("verify",{scope:"all"},V0)}catch(C){this.verifyTrouble=C}this.verifying=!1}async export(){try{let C=await this.app.client.call("ledger/export",{},d1),H=document.createElement("a");H.href=C.link,H.download="",H.target="_blank",H.click()}catch(C){this.app.toast(C)}}};i([p({attribute:!1})],W.prototype,"route",2),i([A()],W.prototype,"entries",2),i([A()],W.prototype,"more",2),i([A()],W.prototype,"total",2),i([A()],W.prototype,"trouble",2),i([A()],W.prototype,"busy",2),i([A()],W.prototype,"text",2),i([A()],W.prototype,"group",2),i([A()],W.prototype,"person",2),i([A()],W.prototype,"people",2),i([A()],W.prototype,"verification",2),i([A()],W.prototype,"verifying",2),i([A()],W.prototype,"verifyTrouble",2),i([A()],W.prototype,"open",2);c("cg-ledger",W);var N7=["streaming","recording","finishing","asleep"],$2=class extends h{constructor(){super(...arguments);this.list=[];this.known=new Map}static{this.styles=[u,v`
      :host {
        display: block;
      }
      h4 {
        display: flex;
        justify-content: space-between;
        align-items: center;
        gap: 8px;
      }
    `]}connectedCallback(){super.connectedCallback(),this.load()}async load(){try{this.list=(await this.app.client.call("sites",{},X3)).sites}catch{return}await Promise.all(this.list.map(C=>this.ask(C)))}async ask(C){let H;try{H=await this.app.client.call("sites/summary",{site_id:C.site_id},Y3)}catch(V){H={trouble:V}}this.known=new Map(this.known).set(C.site_id,H)}again(C){let H=new Map(this.known);H.delete(C.site_id),this.known=H,this.ask(C)}render(){return this.list.length===0?"":M`<div class="card"><div class="card-content">
      <h3>${this.t("overview.sites")}</h3>
      <p class="secondary">${this.t("overview.sites_hint")}</p>
      ${this.list.map(C=>{let H=this.known.get(C.site_id);return M`<h4>
            ${C.name}
            <a class="button tonal" href=${`${C.url}/camguard`} target="_blank" rel="noopener noreferrer">
              ${this.t("overview.sites_open")}
            </a>
          </h4>
          ${H===void 0?B(this.app):"trouble"in H?y(this.app,H.trouble,()=>this.again(C)):this.standing(H)}`})}
    </div></div>`}standing(C){let{format:H,texts:V}=this.app,{duties:e,gaps:t,storage:o}=C,a=C.cameras.filter(f=>N7.includes(f.state)).length,l=t.latest[0];return M`<dl>
      <dt>${this.t("overview.sites_cameras")}</dt>
      <dd>${this.t("overview.sites_cameras_of",{well:a,count:C.cameras.length})}</dd>
      <dt>${this.t("overview.sites_duties")}</dt>
      <dd>${e.late?this.t("overview.sites_duties_late",e):H.number(e.open)}</dd>
      <dt>${this.t("overview.sites_gaps")}</dt>
      <dd>
        ${l?this.t("overview.sites_gaps_latest",{count:t.count,camera:l.camera,start:H.moment(l.start)}):this.t("overview.sites_none")}
      </dd>
      <dt>${this.t("overview.sites_storage")}</dt>
      <dd>
        ${o.fault?V.fault(o.fault)??o.fault:this.t("overview.sites_storage_of",{used:H.size(o.used),free:H.size(o.free??0)})}
      </dd>
      ${C.copies_waiting?M`<dt>${this.t("overview.sites_waiting")}</dt><dd>${this.t("overview.copies_clips",{count:C.copies_waiting})}</dd>`:""}
    </dl>`}};i([A()],$2.prototype,"list",2),i([A()],$2.prototype,"known",2);c("cg-sites",$2);var A5=120,z7={"2(1)":"/config/integrations/integration/camguard","2(2)":"/camguard/cameras","2(3)":"/camguard/registers/sign","2(4)":"/camguard/registers/person","2(5)ア":"/config/integrations/integration/camguard","2(5)イ":"/camguard/ledger","2(5)ウ":"/config/integrations/integration/camguard","2(5)エ":"/config/repairs","2(5)オ":"/camguard/registers/medium","2(6)":"/camguard/disclose","2(7)":"/camguard/registers/complaint","2(8)":"/camguard/registers/contractor","2(9)":"/camguard/registers/access"},T1=class extends h{constructor(){super(...arguments);this.known=null;this.issues=[];this.issueTexts={};this.trouble=null;this.seen=""}static{this.styles=[u,v`
      .grid {
        display: grid;
        grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
        gap: 16px;
        align-items: start;
      }
      @media (max-width: 870px) {
        .grid {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      .duty {
        display: grid;
        grid-template-columns: 28px 1fr auto;
        gap: 4px 12px;
        padding: 12px 16px;
        border-top: 1px solid var(--divider-color);
        align-items: start;
      }
      .duty:first-of-type {
        border-top: 0;
      }
      .duty p {
        margin: 0;
      }
      .met {
        color: var(--success-color, #43a047);
      }
      .open {
        color: var(--warning-color, #ffa600);
      }
      .duty-line {
        display: flex;
        gap: 8px;
        align-items: center;
        flex-wrap: wrap;
        padding: 6px 0;
        --cg-icon-size: 18px;
      }
      .duty-line .warn {
        color: var(--warning-color, #ffa600);
      }
      .duty-line .bad {
        color: var(--error-color, #db4437);
      }
      svg text {
        fill: var(--secondary-text-color);
        font-size: 11px;
      }
      .bars rect {
        fill: var(--primary-color);
      }
      .bars rect.held {
        fill: var(--warning-color, #ffa600);
      }
      .bars line {
        stroke: var(--error-color, #db4437);
        stroke-dasharray: 4 3;
      }
      .meter {
        display: flex;
        height: 20px;
        border-radius: 10px;
        overflow: hidden;
        background: var(--secondary-background-color);
        margin: 8px 0;
      }
      .meter div {
        min-width: 2px;
      }
    `]}shouldUpdate(C){return C.size>1||!C.has("hass")}willUpdate(){let C=`${this.app.news.clips} ${this.app.news.duties}`;C!==this.seen&&(this.seen=C,this.load())}async load(){try{let C=this.app.client,[H,V,e]=await Promise.all([C.call("overview",{},J3),C.send({type:"repairs/list_issues"}),C.send({type:"frontend/get_translations",language:this.app.texts.language,category:"issues",integration:"camguard"})]);this.known=H,this.issues=V.issues.filter(t=>t.domain==="camguard"&&!t.ignored),this.issueTexts=e.resources,this.trouble=null}catch(C){this.trouble=C}}render(){return this.trouble&&!this.known?M`<div class="page">${y(this.app,this.trouble,()=>{this.load()})}</div>`:this.known?M`<div class="page stack">
      <h2>${this.t("overview.title")}</h2>
      ${this.problems()}
      <div class="grid">
        <div class="card">${this.checklist(this.known)}</div>
        <div class="stack">
          ${this.storedCard(this.known)} ${this.storageCard(this.known)} ${this.copiesCard(this.known)} ${this.hostsCard(this.known)} ${this.keysCard(this.known)}
          ${this.exposureCard(this.known)} <cg-sites .app=${this.app}></cg-sites>
        </div>
      </div>
    </div>`:B(this.app)}problems(){return this.issues.length===0?b(t1,this.t("overview.no_problems")):M`${this.issues.map(C=>{let V=(this.issueTexts[`component.camguard.issues.${C.translation_key}.title`]??C.translation_key).replace(/\{(\w+)\}/g,(e,t)=>C.translation_placeholders?.[t]??"");return b(T,M`<div class="row">
          <span class="grow">${V}</span>
          <a class="button tonal" href="/config/repairs">${this.t("overview.mend")}</a>
        </div>`,C.severity==="warning"?"warning":"error")})}`}checklist(C){return M`<h3 class="card-header">${this.t("overview.checklist")}</h3>
      <p class="secondary" style="padding:8px 16px 0">${this.t("overview.checklist_hint")}</p>
      ${C.checklist.map(H=>{let V=H.clause.replace(/\W/gu,w=>({"(":"_",ア:"a",イ:"b",ウ:"c",エ:"d",オ:"e"})[w]??""),e=z7[H.clause],t=Object.fromEntries(Object.entries(H.facts).map(([w,k])=>[w,this.fact(w,k)])),o={met:t1,open:T}[H.state],a=H.state==="open"&&H.facts.split===null,l=H.state==="open"&&H.facts.split===!0&&Number(H.facts.exposed)>0,f=a?"overview.away_2_5c":l?"overview.exposed_2_5c":`overview.${H.state}_${V}`,x=this.app.texts.has(f)?f:`overview.met_${V}`;return M`<div class="duty" data-clause=${H.clause} data-state=${H.state}>
          <cg-icon class=${H.state} .path=${o}></cg-icon>
          <div>
            <p><strong>${H.clause} ${this.t(`overview.duty_${V}`)}</strong></p>
            <p>
              <span class="visually-hidden">${this.t(`overview.state_${H.state}`)}:</span> ${this.t(x,t)}
            </p>
            ${H.duties.map(w=>i5(this.app,w))}
          </div>
          ${e?M`<a
                  class="button"
                  href=${e}
                  @click=${w=>{w.preventDefault(),g(e)}}
                  aria-label=${`${this.t("overview.go")}: ${this.t(`overview.duty_${V}`)}`}
                  ><cg-icon .path=${c2}></cg-icon
                ></a>`:""}
        </div>`})}`}fact(C,H){return C==="verified"||C==="checked"?typeof H=="number"?this.app.format.moment(H):this.t("overview.never"):typeof H=="number"||typeof H=="string"?H:""}storedCard(C){let H=[...C.days].reverse(),V=Math.max(...H.map(a=>a.clips),1),e=100/Math.max(H.length,1),t=C.retention_days*86400,{format:o}=this.app;return M`<div class="card"><div class="card-content">
      <h3>${this.t("overview.stored")}</h3>
      <p class="secondary">${this.t("overview.stored_hint",{days:C.retention_days})}</p>
      ${H.length===0?M`<p>${this.t("clips.none")}</p>`:M`<svg
                class="bars"
                viewBox="0 0 100 ${A5}"
                preserveAspectRatio="none"
                style="width:100%;height:${A5}px"
                role="img"
                aria-label=${this.t("overview.stored_alt",{count:C.days.reduce((a,l)=>a+l.clips,0),days:H.length})}
              >
                ${H.map((a,l)=>{let f=a.clips/V*(A5-8),x=Date.now()/1e3-a.start>t+86400;return j`<rect
                      class=${x||a.held===a.clips?"held":""}
                      x=${l*e+e*.12}
                      y=${A5-f}
                      width=${e*.76}
                      height=${f}
                    ><title>${o.shortDay(a.start+43200)}: ${a.clips}</title></rect>`})}
              </svg>
              <div class="row secondary" style="justify-content:space-between;font-size:12px">
                <span>${o.dayOfMonth((H[0]?.start??0)+43200)}</span>
                <span>${o.dayOfMonth((H.at(-1)?.start??0)+43200)}</span>
              </div>`}
    </div></div>`}storageCard({storage:C}){let{format:H}=this.app;if(C.total===null||C.free===null)return b(T,this.app.texts.fault(C.fault,{path:C.path})??this.t("overview.storage_away"),"error");let V=Math.max(C.total-C.free-C.used,0),e=o=>`${o/(C.total??1)*100}%`,t=C.per_day?Math.floor(Math.max(C.free-C.min_free,0)/C.per_day):null;return M`<div class="card"><div class="card-content">
      <h3>${this.t("overview.storage")}</h3>
      <div class="meter" role="img" aria-label=${this.t("overview.storage_alt",{used:H.size(C.used),free:H.size(C.free)})}>
        <div style="width:${e(C.used)};background:var(--primary-color)"></div>
        <div style="width:${e(V)};background:var(--secondary-text-color);opacity:.5"></div>
      </div>
      <dl>
        <dt>${this.t("overview.used")}</dt>
        <dd>${H.size(C.used)}</dd>
        <dt>${this.t("overview.free")}</dt>
        <dd>${H.size(C.free)}</dd>
        ${C.per_day?M`<dt>${this.t("overview.per_day")}</dt><dd>${H.size(C.per_day)}</dd>`:""}
        ${t!==null?M`<dt>${this.t("overview.lasts")}</dt><dd>${this.t("overview.lasts_days",{count:t})}</dd>`:""}
      </dl>
      <p class="mono secondary">${C.path}</p>
    </div></div>`}copiesCard({copies:C}){if(C.length===0)return"";let{format:H,texts:V}=this.app;return M`<div class="card"><div class="card-content">
      <h3>${this.t("overview.copies")}</h3>
      <p class="secondary">${this.t("overview.copies_hint")}</p>
      ${C.map(e=>{let t=f=>f===null?this.t("overview.copies_unknown"):this.t("overview.copies_clips",{count:f}),o=e.copied===null?0:e.copied/Math.max(e.copied+e.waiting,1),a=e.bringing,l=(f,x,w)=>M`<div class="meter" role="img" aria-label=${`${f}: ${x}`}>
            <div style="width:${w*100}%;background:var(--primary-color)"></div>
          </div>`;return M`<h4>${e.title} <span class="mono secondary">${e.place}</span></h4>
          ${e.fault?b(T,V.fault(e.fault,{place:e.place})??e.fault,"warning"):""}
          ${e.waiting?l(this.t("overview.copies_waiting"),t(e.waiting),o):""}
          <dl>
            <dt>${this.t("overview.copies_there")}</dt>
            <dd>${t(e.copied)}, ${H.size(e.size_bytes)}</dd>
            ${e.waiting?M`<dt>${this.t("overview.copies_waiting")}</dt><dd>${t(e.waiting)}</dd>`:""}
            ${e.refused?M`<dt>${this.t("overview.copies_refused")}</dt><dd>${t(e.refused)}</dd>`:""}
            ${e.escrow_hours?M`<dt>${this.t("overview.copies_escrow")}</dt>
                    <dd>${e.escrow_us===null?this.t("overview.copies_escrow_waits"):`${this.t("overview.copies_escrow_of",{count:e.escrow_clips,hours:e.escrow_hours})}, ${H.moment(e.escrow_us/1e6)}`}</dd>`:""}
            ${a?M`<dt>${this.t(a.ended?"overview.copies_brought":"overview.copies_bringing")}</dt>
                    <dd>${this.t("overview.copies_brought_of",{done:a.done,count:a.count})}</dd>`:""}
          </dl>
          ${a&&!a.ended?l(this.t("overview.copies_bringing"),"",(a.done+a.missing)/a.count):""}
          ${a?.missing?b(T,this.t("overview.copies_lacking",{count:a.missing}),"warning"):""}
          ${a?.fault?b(T,V.fault(a.fault,{place:e.place})??a.fault,"warning"):""}`})}
    </div></div>`}hostsCard({hosts:C}){if(C.length===0)return"";let{format:H,texts:V}=this.app;return M`<div class="card" data-card="hosts"><div class="card-content">
      <h3>${this.t("overview.hosts")}</h3>
      <p class="secondary">${this.t("overview.hosts_hint")}</p>
      ${C.map(e=>{let t=this.t("overview.hosts_room_of",{idle:H.number(e.idle_cores),cores:e.cores,free:H.size(e.free_bytes)});return M`<h4>${e.title} <span class="mono secondary">${e.place}</span></h4>
          ${e.fault?b(T,V.fault(e.fault,{place:e.place})??e.fault,"warning"):""}
          ${e.cores?M`<div class="meter" role="img" aria-label=${`${this.t("overview.hosts_room")}: ${t}`}>
                  <div style="width:${(1-e.idle_cores/e.cores)*100}%;background:var(--primary-color)"></div>
                </div>`:""}
          <dl>
            <dt>${this.t("overview.hosts_cameras")}</dt>
            <dd>${this.t("overview.hosts_cameras_of",{count:e.cameras})}</dd>
            ${e.cores||!e.fault?M`<dt>${this.t("overview.hosts_room")}</dt>
                    <dd>${e.cores?t:this.t("overview.hosts_connecting")}</dd>`:""}
            ${e.well?M`<dt>${this.t("overview.hosts_versions")}</dt>
                    <dd>Python ${e.python}, PyAV ${e.av}</dd>`:""}
          </dl>`})}
    </div></div>`}exposureCard({exposure:C}){let H=["people","dashboards","assistants","automations","integrations"];return M`<div class="card" data-card="exposure"><div class="card-content">
      <h3>${this.t("overview.exposure")}</h3>
      <p class="secondary">${this.t("overview.exposure_hint")}</p>
      ${C.length===0?M`<p>${this.t("overview.exposure_none")}</p>`:C.map(V=>M`<h4>${V.name} <span class="mono secondary">${V.entity_id}</span></h4>
                <dl>
                  ${H.filter(e=>V[e].length>0).map(e=>M`<dt>${this.t(`overview.exposure_${e}`)}</dt><dd>${V[e].join(", ")}</dd>`)}
                </dl>`)}
      ${C.length===0?"":M`<p><a class="button tonal" href="/config/integrations/integration/camguard">${this.t("overview.exposure_change")}</a></p>`}
    </div></div>`}keysCard({keys:C}){return M`<div class="card"><div class="card-content">
      <h3>${this.t("overview.keys")}</h3>
      <dl>
        <dt>${this.t("overview.root")}</dt>
        <dd>${this.t(C.split===null?"overview.root_away":C.split?"overview.root_split":"overview.root_same")}</dd>
        <dt>${this.t("overview.held")}</dt>
        <dd>
          <a
            href=${m("clips","","",{held:"1"})}
            @click=${H=>{H.preventDefault(),g(m("clips","","",{held:"1"}))}}
            >${C.held}</a
          >
        </dd>
        <dt>${this.t("overview.kits")}</dt>
        <dd>${C.kit_missing?this.t("overview.kit_missing"):C.kits}</dd>
        <dt>${this.t("overview.records")}</dt>
        <dd>${C.records_not_in_kit?this.t("overview.records_not_in_kit",{count:C.records,missing:C.records_not_in_kit}):C.records}</dd>
      </dl>
      <p class="mono secondary">${C.root_path}</p>
    </div></div>`}};i([p({attribute:!1})],T1.prototype,"hass",2),i([A()],T1.prototype,"known",2),i([A()],T1.prototype,"issues",2),i([A()],T1.prototype,"issueTexts",2),i([A()],T1.prototype,"trouble",2);c("cg-overview",T1);var I7=6e3,W7={cameras:N1,clips:w1,disclose:g2,wipe:Y,registers:I1,ledger:W1,overview:u2},U7=["config_panel","exceptions"],M1=class extends X{constructor(){super(...arguments);this.narrow=!1;this.app=null;this.news=null;this.texts=null;this.toastText="";this.error=null;this.outdated=!1;this.client=new G2(()=>this.hass);this.unfollow=null;this.toastTimer=0;this.language=""}static{this.styles=[u,v`
      :host {
        display: flex;
        flex-direction: column;
        height: 100dvh;
        background: var(--primary-background-color);
      }
      header {
        display: flex;
        align-items: center;
        min-height: calc(var(--header-height, 56px) + var(--safe-area-inset-top, 0px));
        padding: var(--safe-area-inset-top, 0px) 8px 0;
        background: var(--app-header-background-color, var(--primary-color));
        color: var(--app-header-text-color, #fff);
        border-bottom: var(--app-header-border-bottom, none);
        flex: none;
      }
      header button {
        color: inherit;
      }
      h1 {
        font-size: 20px;
        padding: 0 12px;
      }
      nav {
        display: flex;
        flex: 1;
        min-width: 0;
        overflow-x: auto;
        scrollbar-width: none;
      }
      nav a {
        color: inherit;
        display: flex;
        align-items: center;
        gap: 8px;
        padding: 0 16px;
        min-height: 56px;
        text-decoration: none;
        font-weight: 500;
        white-space: nowrap;
        border-bottom: 3px solid transparent;
      }
      nav a[aria-current="page"] {
        border-bottom-color: currentcolor;
      }
      nav.bottom {
        flex: none;
        background: var(--sidebar-background-color, var(--card-background-color));
        color: var(--primary-text-color);
        border-top: 1px solid var(--divider-color);
        padding-bottom: var(--safe-area-inset-bottom, 0px);
      }
      nav.bottom a {
        flex: 1 0 52px;
        flex-direction: column;
        gap: 2px;
        justify-content: center;
        padding: 4px 2px;
        font-size: 11px;
        font-weight: 400;
        color: var(--secondary-text-color);
        border: 0;
      }
      nav.bottom a[aria-current="page"] {
        color: var(--primary-text-color);
        font-weight: 600;
      }
      nav.bottom a[aria-current="page"] cg-icon {
        background: color-mix(in srgb, var(--primary-color) 25%, transparent);
        border-radius: 14px;
        padding: 2px 12px;
        width: 48px;
        height: 28px;
      }
      main {
        flex: 1;
        overflow: auto;
        min-height: 0;
        overscroll-behavior-y: contain;
      }
      .toast {
        position: fixed;
        left: 50%;
        bottom: calc(24px + var(--safe-area-inset-bottom, 0px));
        transform: translateX(-50%);
        max-width: min(640px, calc(100vw - 32px));
        background: #323232;
        color: #fff;
        border-radius: 8px;
        padding: 12px 20px;
        z-index: 10;
        box-shadow: 0 4px 16px rgb(0 0 0 / 40%);
      }
      .toast[data-narrow] {
        bottom: 88px;
      }
      .banner {
        padding: 8px 16px;
        background: color-mix(in srgb, var(--warning-color, #ffa600) 30%, var(--primary-background-color));
        display: flex;
        gap: 12px;
        align-items: center;
        flex-wrap: wrap;
      }
    `]}connectedCallback(){super.connectedCallback(),this.begin()}disconnectedCallback(){super.disconnectedCallback(),this.unfollow?.(),this.unfollow=null}willUpdate(C){let H=this.hass.locale?.language??this.hass.language;H!==this.language&&(this.language=H,this.load(H)),this.texts&&this.news&&(!this.app||!C.has("hass")||C.size>1)&&(this.app=this.makeApp())}makeApp(){let[C,H]=[this.texts,this.news],V=this.hass.config.time_zone,e=this.app,t=new Map(H.cameras.map(o=>[o.camera_id,o.name]));return{client:this.client,texts:C,format:e?.format.language===C.language&&e.zone===V?e.format:new j2(C.language,V),news:H,narrow:this.narrow,zone:V,userId:this.hass.user?.id??"",hass:()=>this.hass,toast:o=>this.toast(o),cameraName:o=>t.get(o)??C.t("clips.removed_camera")}}async begin(){await this.updateComplete;try{this.unfollow??=await this.client.follow(C=>{this.news=C,this.error=null},()=>this.outdated=!0)}catch(C){this.error=C}}async load(C){let H;try{H=await Promise.all(U7.map(e=>this.client.send({type:"frontend/get_translations",language:C,category:e,integration:"camguard"})))}catch(e){this.error=e,this.language="";return}let V=H.map(e=>e.resources);C===this.language&&(this.texts=new X2(C,Object.assign({},...V)))}toast(C){window.clearTimeout(this.toastTimer),this.toastText=typeof C=="string"?C:this.texts?.refusal(D(C))??"",this.toastTimer=window.setTimeout(()=>this.toastText="",I7)}render(){let C=this.app;if(!C)return M`<header>${this.menuButton()}<h1>CamGuard</h1></header>
        <main>${this.error?M`<div class="page" role="alert">${D(this.error).message}</div>`:""}</main>`;let H=e0(this.route?.path??"",location.search),V=C.news.role==="administrator"?j5:C.news.role==="viewer"?L0:[],e=V.map(o=>M`<a
          href=${m(o)}
          aria-current=${o===H.page?"page":R}
          @click=${a=>{a.ctrlKey||a.metaKey||a.shiftKey||(a.preventDefault(),g(m(o)))}}
          ><cg-icon .path=${W7[o]}></cg-icon><span>${C.texts.t(`tabs.${o}`)}</span></a
        >`),t=C.texts.t("tabs.label");return M`<header>
        ${this.menuButton()}
        <h1>CamGuard</h1>
        ${this.narrow?"":M`<nav aria-label=${t}>${e}</nav>`}
      </header>
      ${this.banner(C)}
      <main>${this.page(C,H,V)}</main>
      ${this.narrow&&e.length>0?M`<nav class="bottom" aria-label=${t}>${e}</nav>`:""}
      <div role="status" aria-live="polite">
        ${this.toastText?M`<div class="toast" ?data-narrow=${this.narrow}>${this.toastText}</div>`:""}
      </div>`}menuButton(){return!this.narrow&&this.hass.dockedSidebar!=="always_hidden"?"":M`<button
      class="icon"
      aria-label=${this.texts?.t("tabs.menu")??"Menu"}
      @click=${()=>this.dispatchEvent(new CustomEvent("hass-toggle-menu",{bubbles:!0,composed:!0}))}
    >
      <cg-icon .path=${E5}></cg-icon>
    </button>`}banner(C){let H=this.panel?.config?.version;return this.outdated||H&&H!=="0.1.0"||C.news.version!=="0.1.0"?M`<div class="banner" role="status">
        <span class="grow">${C.texts.t("common.updated")}</span>
        <button class="filled" @click=${()=>location.reload()}>${C.texts.t("common.reload")}</button>
      </div>`:this.hass.connected?"":M`<div class="banner" role="status">${C.texts.t("common.offline")}</div>`}page(C,H,V){if(!C.news.running)return M`<div class="page narrow-page"><div class="empty">
        <cg-icon .path=${z1}></cg-icon>
        <h3>${C.texts.t("common.not_running")}</h3>
        <p>${C.texts.t("common.not_running_hint")}</p>
        <a class="button tonal" href="/config/integrations/integration/camguard">${C.texts.t("common.integration")}</a>
      </div></div>`;if(!V.includes(H.page))return M`<div class="page narrow-page"><div class="empty">
        <cg-icon .path=${J}></cg-icon>
        <h3>${C.texts.t("common.no_access")}</h3>
        <p>${C.texts.t("common.no_access_hint")}</p>
      </div></div>`;switch(H.page){case"cameras":return H.id==="add"?M`<cg-add .app=${C}></cg-add>`:H.part==="zones"?M`<cg-zones .app=${C} .cameraId=${H.id}></cg-zones>`:H.part==="motion"?M`<cg-motion .app=${C} .cameraId=${H.id}></cg-motion>`:M`<cg-cameras .app=${C} .hass=${this.hass}></cg-cameras>`;case"clips":return H.id?M`<cg-clip .app=${C} .route=${H} .clipId=${H.id}></cg-clip>`:M`<cg-clips .app=${C} .route=${H}></cg-clips>`;case"disclose":return M`<cg-disclose .app=${C} .route=${H}></cg-disclose>`;case"wipe":return M`<cg-wipe .app=${C} .route=${H}></cg-wipe>`;case"registers":return H.id==="sign"&&H.part==="print"?M`<cg-sign .app=${C}></cg-sign>`:H.part&&H.id!=="document"?M`<cg-record .app=${C} .route=${H}></cg-record>`:H.id?M`<cg-register .app=${C} .kind=${H.id}></cg-register>`:M`<cg-registers .app=${C}></cg-registers>`;case"ledger":return M`<cg-ledger .app=${C} .route=${H}></cg-ledger>`;case"overview":return M`<cg-overview .app=${C} .hass=${this.hass}></cg-overview>`;default:return B(C)}}};i([p({attribute:!1})],M1.prototype,"hass",2),i([p({type:Boolean})],M1.prototype,"narrow",2),i([p({attribute:!1})],M1.prototype,"route",2),i([p({attribute:!1})],M1.prototype,"panel",2),i([A()],M1.prototype,"app",2),i([A()],M1.prototype,"news",2),i([A()],M1.prototype,"texts",2),i([A()],M1.prototype,"toastText",2),i([A()],M1.prototype,"error",2),i([A()],M1.prototype,"outdated",2);c("camguard-panel",M1);
