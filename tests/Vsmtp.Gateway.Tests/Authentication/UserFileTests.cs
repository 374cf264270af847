using Microsoft.Extensions.Logging.Abstractions;
using Vsmtp.Gateway.Authentication;
using Vsmtp.Smtp.Server.Authentication;

namespace Vsmtp.Gateway.Tests.Authentication;

/// <summary>The file of users: SCRAM verifiers as text (RFC 5803).</summary>
public sealed class UserFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vsmtp");

    private string Users => Path.Combine(_folder.FullName, "users");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Users_are_kept_for_their_owner_alone_and_without_their_passwords()
    {
        Add("tim", "tanstaaftanstaaf");
        Add("émile", "xipj3plmq");
        Assert.Equal(["tim", "émile"], UserFile.Read(Users).Users.Keys);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Users));
        var text = File.ReadAllText(Users);
        Assert.DoesNotContain("tanstaaf", text, StringComparison.Ordinal);
        Assert.Matches(@"^#[^\n]*\n:salts:[^\n]{44}\ntim:SCRAM-SHA-256\$20000:\S+\némile:SCRAM-SHA-256\$20000:\S+\n$", text);
        Assert.Equal(["users", "users.lock"], _folder.EnumerateFiles().Select(file => file.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_change_that_changes_nothing_writes_nothing_and_salts_of_strangers_stay()
    {
        Add("tim", "a");
        var secret = UserFile.Read(Users).Secret;
        Assert.False(UserFile.Change(Users, users => users.Remove("tom")));
        Add("tom", "b");
        Assert.True(UserFile.Change(Users, users => users.Remove("tim")));
        Assert.Equal(["tom"], UserFile.Read(Users).Users.Keys);
        Assert.Equal(secret, UserFile.Read(Users).Secret);
    }

    [Fact]
    public async Task Many_who_change_it_at_once_lose_nothing()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Add($"user{i}", "x"))));
        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"user{i}"), UserFile.Read(Users).Users.Keys);
    }

    [Fact]
    public void A_line_that_is_none_of_a_user_is_named_without_what_is_in_it_and_lost_by_no_change()
    {
        Add("tim", "a");
        var good = File.ReadAllText(Users);
        File.WriteAllText(Users, good + "bob:hunter2\nnothing\n\n# words\n" + good.Split('\n')[2] + "\n");
        var file = UserFile.Read(Users);
        Assert.Equal(["tim"], file.Users.Keys);
        Assert.Equal(
            ["line 4 has no SCRAM-SHA-256 verifier behind its first colon", "line 5 does not begin with a name and a colon", "line 8 has a name that another line has"],
            file.Faults);
        Assert.StartsWith($"{Users}: line 4", Assert.Throws<IOException>(() => Add("tom", "b")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("a:b", false)]
    [InlineData("#a", false)]
    [InlineData(" a", false)]
    [InlineData("a\nb", false)]
    [InlineData("a b", true)]
    [InlineData("john@example.com", true)]
    public void Names_are_such_that_a_line_can_have_them(string name, bool isGood) => Assert.Equal(isGood, UserFile.FaultOfName(ref name) is null);

    [Fact]
    public void A_link_stays_one()
    {
        var link = Path.Combine(_folder.FullName, "link");
        Add("tim", "a");
        File.CreateSymbolicLink(link, Users);
        UserFile.Change(link, users => users.Add("tom", ScramVerifier.Of("b")!));
        Assert.Equal(["tim", "tom"], UserFile.Read(Users).Users.Keys);
        Assert.NotNull(new FileInfo(link).LinkTarget);
    }

    [Fact]
    public async Task The_store_sees_a_change_at_once_and_strangers_look_like_users()
    {
        using var workers = new KeyWorkers(2);
        var store = new UserStore(Users, workers, NullLogger.Instance);
        Assert.False(await store.IsGoodAsync("tim", "a", CancellationToken.None));
        Add("tim", "a");
        Assert.True(await store.IsGoodAsync("tim", "a", CancellationToken.None));
        Assert.False(await store.IsGoodAsync("tim", "b", CancellationToken.None));
        var stranger = Shown(store, "tom");
        Assert.Matches("^20000:[A-Za-z0-9+/]{22}==$", stranger);
        Assert.Matches("^20000:[A-Za-z0-9+/]{22}==$", Shown(store, "tim"));
        Assert.Equal(stranger, Shown(store, "tom"));
        var another = new UserStore(Users, workers, NullLogger.Instance);
        Assert.Equal(stranger, Shown(another, "tom"));
        UserFile.Change(Users, users => users.Remove("tim"));
        Assert.False(await store.IsGoodAsync("tim", "a", CancellationToken.None));
    }

    /// <summary>What a client of SCRAM is shown: iterations and salt.</summary>
    private static string Shown(UserStore store, string name) => store.Find(name).ToText().Split('$')[1];

    private void Add(string name, string password) => UserFile.Change(Users, users => users.SetItem(name, ScramVerifier.Of(password)!));
}
