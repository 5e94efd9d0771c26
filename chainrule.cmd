@echo off
rem Starts Chainrule on Windows: finds a JDK 25, builds when the sources changed, runs.
rem   CHAINRULE_JAVA   the JDK to use, before JAVA_HOME and the usual folders
rem   CHAINRULE_OPTS   more options for the JVM
rem   CHAINRULE_KERNELS  vector or scalar (the default; bench: vector)
setlocal EnableExtensions DisableDelayedExpansion
set "root=%~dp0"
set "root=%root:~0,-1%"
rem The command line is one program, the benchmarks another.
set "module=cli"
if "%~1"=="bench" set "module=benchmarks"
set "build=%root%\%module%\target\launch"
set "jdk="

if defined CHAINRULE_JAVA (
  call :consider "%CHAINRULE_JAVA%"
  if not defined jdk (
    echo chainrule: CHAINRULE_JAVA is not a JDK 25.0.3 or later. >&2
    exit /b 2
  )
)
if not defined jdk if defined JAVA_HOME call :consider "%JAVA_HOME%"
for /d %%d in ("%ProgramFiles%\Eclipse Adoptium\*" "%ProgramFiles%\Java\*" ^
    "%ProgramFiles%\Zulu\*" "%ProgramFiles%\Amazon Corretto\*" "%ProgramFiles%\BellSoft\*" ^
    "%ProgramFiles%\Microsoft\jdk*" "%USERPROFILE%\.jdks\*" ^
    "%USERPROFILE%\.sdkman\candidates\java\*") do if not defined jdk call :consider "%%~d"
if not defined jdk for %%p in (java.exe) do if not "%%~$PATH:p"=="" call :consider "%%~dp$PATH:p.."
if not defined jdk (
  echo chainrule: no JDK 25 found: install one ^(25.0.3 or later^) or set JAVA_HOME to it. >&2
  exit /b 2
)

call :stale
if not errorlevel 1 goto run
where mvn >nul 2>nul || (
  echo chainrule: building needs Maven ^(mvn^), 3.8 or later: install it once. >&2
  exit /b 2
)
echo chainrule: building ^(once; log in %module%\target\launch\build.log^) ... >&2
if not exist "%build%" mkdir "%build%"
type nul > "%build%\started"
setlocal
set "JAVA25_HOME=%jdk%"
pushd "%root%"
call mvn -B -q -Dquick -Dmaven.test.skip=true -Dchainrule.target=target/launch -pl %module% -am package > "%build%\build.log" 2>&1
set "code=%errorlevel%"
popd
endlocal & set "code=%code%"
if not "%code%"=="0" (
  type "%build%\build.log" >&2
  echo chainrule: the build failed; its log is above. >&2
  exit /b 2
)
move /y "%build%\started" "%build%\stamp" >nul

:run
set "gc=-XX:+UseParallelGC"
echo "%CHAINRULE_OPTS%" | findstr /r /c:"-XX:+Use.*GC" >nul && set "gc="
set "vector="
if "%CHAINRULE_KERNELS%"=="vector" set "vector=1"
if "%module%"=="benchmarks" set "vector=1"
if defined vector set "gc=%gc% --add-modules jdk.incubator.vector"
if defined CHAINRULE_KERNELS set "gc=%gc% -Dchainrule.kernels=%CHAINRULE_KERNELS%"
if "%module%"=="benchmarks" set "gc=%gc% --sun-misc-unsafe-memory-access=allow"
"%jdk%\bin\java.exe" %gc% %CHAINRULE_OPTS% "-Dchainrule.root=%root%" -cp "%build%\*;%build%\lib\*" chainrule.%module%.Main %*
exit /b %errorlevel%

rem Takes the folder when its release file says 25.0.3 or later.
:consider
if not exist "%~1\bin\java.exe" exit /b 0
if not exist "%~1\release" exit /b 0
for /f "tokens=2 delims==" %%v in ('findstr /b "JAVA_VERSION=" "%~1\release"') do (
  for /f "tokens=1-3 delims=." %%a in ("%%~v.0.0") do (
    if %%a GTR 25 set "jdk=%~1"
    if %%a EQU 25 if %%b GTR 0 set "jdk=%~1"
    if %%a EQU 25 if %%b EQU 0 if %%c GEQ 3 set "jdk=%~1"
  )
)
exit /b 0

rem Returns 1 when a source is newer than the last build, or there is none.
:stale
if not exist "%build%\stamp" exit /b 1
powershell -NoProfile -Command "$t=(Get-Item '%build%\stamp').LastWriteTimeUtc; $p='pom.xml','core\pom.xml','core\src\main','kernels-vector\pom.xml','kernels-vector\src\main','nn\pom.xml','nn\src\main','examples\pom.xml','examples\src\main','%module%\pom.xml','%module%\src\main' | ForEach-Object { Join-Path '%root%' $_ }; if (Get-ChildItem $p -Recurse -ErrorAction SilentlyContinue | Where-Object { $_.LastWriteTimeUtc -gt $t } | Select-Object -First 1) { exit 1 } else { exit 0 }"
exit /b %errorlevel%
