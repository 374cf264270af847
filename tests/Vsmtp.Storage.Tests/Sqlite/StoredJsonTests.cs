using System.Text;
using Vsmtp.Contracts.Mail;
using Vsmtp.Storage.Mails;
using Vsmtp.Storage.Sqlite.Mails;

namespace Vsmtp.Storage.Tests.Sqlite;

public sealed class StoredJsonTests
{
    [Fact]
    public void What_an_older_program_did_not_write_has_the_default_of_the_type()
    {
        var read = StoredJson.Read("""{"Phase":"Working","Visits":[{"Service":"clamav"}],"Envelope":{}}"""u8);

        Assert.Equivalent(
            new MailState { Phase = MailPhase.Working, Visits = [new DelegationState { Service = "clamav" }] }, read, strict: true);
        Assert.False(read.NewEvents.IsDefault);
        Assert.False(read.HeaderChanges.IsDefault);
        Assert.False(read.Visits[0].TicketHashes.IsDefault);
        Assert.False(read.Envelope.Recipients.IsDefault);
        Assert.Equal("postq", read.Stage);
    }

    [Fact]
    public void What_a_newer_program_wrote_beside_is_ignored()
    {
        var read = StoredJson.Read("""{"Phase":"Dead","Colour":"red"}"""u8);

        Assert.Equal(MailPhase.Dead, read.Phase);
    }

    [Fact]
    public void Names_of_enums_and_text_of_all_scripts_are_readable()
    {
        var json = Encoding.UTF8.GetString(StoredJson.Write(
            new MailState { Phase = MailPhase.Quarantine, Subject = "Grüße 漢字 <a>", Reason = "x\ud800y\0z" }));

        Assert.Contains("\"Phase\":\"Quarantine\"", json, StringComparison.Ordinal);
        Assert.Contains("Grüße 漢字 <a>", json, StringComparison.Ordinal);
        Assert.DoesNotContain("NewEvents", json, StringComparison.Ordinal);
        Assert.Equal("x\ufffdy\0z", StoredJson.Read(Encoding.UTF8.GetBytes(json)).Reason);
    }
}
