namespace Deeplay.Library

module internal Placeholder =
    let here = true
