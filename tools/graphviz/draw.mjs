// Reads a graph in DOT, and writes its picture as SVG.
import { text } from 'node:stream/consumers'
import { instance } from '@viz-js/viz'

const graphviz = await instance()
process.stdout.write(graphviz.renderString(await text(process.stdin), { format: 'svg' }))
