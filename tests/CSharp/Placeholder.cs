using Xunit;

namespace Deeplay.Tests;

public class Placeholder
{
    [Fact]
    public void One_and_one_is_two() => Assert.Equal(2, 1 + 1);
}
