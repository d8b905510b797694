"""Charts of the explorer in Vega-Lite, drawn without a browser."""
