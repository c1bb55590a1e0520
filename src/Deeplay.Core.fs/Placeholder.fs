namespace Deeplay.Core

module internal Placeholder =
    let here = true
