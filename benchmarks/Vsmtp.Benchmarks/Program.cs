using Vsmtp.Benchmarks;

// What benchmarks/rules starts.
return args switch
{
    ["run", var main, var mail] => await Programs.RunAsync(main, mail).ConfigureAwait(false),
    ["stage", var main, var mail] => await Programs.TimePostqAsync(main, mail).ConfigureAwait(false),
    ["load", var main] => await Programs.TimeLoadAsync(main).ConfigureAwait(false),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Vsmtp.Benchmarks run|stage MAIN.vsl MAIL.eml, or load MAIN.vsl");
    return 2;
}
