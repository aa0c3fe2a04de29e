/** Stands in for react-devtools-core, which Ink would load in development only. */
export default { initialize() {}, connectToDevTools() {} };
