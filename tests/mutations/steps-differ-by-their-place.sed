# Where a step was made is no part of what it says: here it is.
# Spec/Types.fs
s/            || (this\.Continues = that\.Continues/            || (this.Location = that.Location\n                \&\& this.Continues = that.Continues/
