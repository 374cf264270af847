using System.Reflection;
using Vsmtp.Contracts.Mail;
using Vsmtp.Embedded.Messages;
using Vsmtp.Grains.Mail;

namespace Vsmtp.Architecture.Tests;

/// <summary>What travels between grains is what Orleans can serialize and never changes once made (design section 2).</summary>
public sealed class Messages
{
    [Fact]
    public void Every_message_and_state_has_its_ids_and_alias_and_is_immutable()
    {
        Assembly[] assemblies = [typeof(IMailGrain).Assembly, typeof(MailGrain).Assembly];
        Assert.Empty(MessageContract.Check(assemblies).Select(fault => fault.ToString()));
    }
}
