using System.Collections.Immutable;
using Vsmtp.Delivery.Routing;

namespace Vsmtp.Delivery.Tests.Routing;

public sealed class SecuredSendersTests
{
    private static readonly SecuredSenders Secured = new(ImmutableHashSet.Create(StringComparer.OrdinalIgnoreCase, "b.example", "xn--bcher-kva.example"));

    [Theory]
    [InlineData("john@b.example", true)]
    [InlineData("john@B.Example", true)]
    [InlineData("john@xn--bcher-kva.example", true)]
    [InlineData("john@b\u00fccher.example", true)]
    [InlineData("john@B\u00dcCHER.example", true)]
    [InlineData("\"a@b.example\"@c.example", false)]
    [InlineData("john@a.b.example", false)]
    [InlineData("john@[192.0.2.7]", false)]
    [InlineData("", false)]
    public void A_domain_is_the_same_in_whatever_alphabet_and_case(string sender, bool isSecured) => Assert.Equal(isSecured, Secured.Include(sender));

    [Fact]
    public void Where_there_are_none_nobody_is() => Assert.False(new SecuredSenders([]).Include("john@b.example"));
}
